import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { decodeWav } from "../../src/audio/wav.js";
import { load } from "../../src/inference/load.js";
import { onnxRuntime } from "../../src/inference/runtime.js";
import { modelFolderOnDisk } from "../../src/node/modelFolderOnDisk.js";
import { onnxRuntimeNode } from "../../src/node/onnxRuntimeNode.js";
import { projectRoot } from "../../src/node/paths.js";
import { madeUpBreath } from "../../src/web/listening/madeUpBreath.js";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

/** A folder of folders that `auscult export` made of real runs. */
const exported = process.env.AUSCULT_EXPORTED;
const models = exported
  ? readdirSync(exported).filter((name) => existsSync(path.join(exported, name, "manifest.json")))
  : [];

interface Result {
  kind: string;
  startSeconds: number;
  endSeconds: number;
  label: string;
  probabilities: Record<string, number>;
}

/** Prints the times; they are not asserted. */
test.skipIf(!program || models.length === 0).each(models)(
  "the page answers as onnxruntime in Node does: %s (of AUSCULT_EXPORTED)",
  { timeout: 900_000 },
  async (name) => {
    const folder = path.join(exported!, name);
    const place = mkdtempSync(path.join(tmpdir(), "auscult-listen-real-"));
    const wav = path.join(place, "breath.wav");
    writeFileSync(wav, encodeWav(madeUpBreath(20 * 8000, 8000), 8000));
    const command = [path.join(projectRoot(), "scripts", "auscult.mjs"), "listen", "--model", folder, "--port", "0"];
    const server = spawn(process.execPath, [...command, "--no-open", "--json"], {
      cwd: projectRoot(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
    try {
      const line = await new Promise<Buffer>((resolve) => server.stdout.once("data", resolve));
      const page = await browser.newPage();
      page.setDefaultTimeout(800_000);
      await page.goto((JSON.parse(line.toString()) as { url: string }).url);
      await page.locator("#open:enabled").waitFor();
      await page.locator("#offline").waitFor();
      const answers: Record<string, Result[]> = {};
      for (const precision of ["float32", "int8"]) {
        if (precision === "int8") await page.keyboard.press("i");
        else await page.setInputFiles("#files", wav);
        const row = page.locator("#list li").filter({ hasText: "answered in" });
        await row.waitFor();
        const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Save JSON")]);
        const { recordings } = JSON.parse(readFileSync(await download.path(), "utf8")) as {
          recordings: { precision: string; results: Result[] }[];
        };
        answers[precision] = recordings.find((one) => one.precision === precision)!.results;
        const speed = await page.textContent(`#speed-${precision}`);
        console.log(`${name}, ${precision}: ${await row.locator(".state").textContent()}; for 1 s of sound ${speed}`);
      }
      const { ort, options } = await onnxRuntimeNode();
      const { samples } = decodeWav(readFileSync(wav), wav);
      const model = await load(modelFolderOnDisk(folder), { runtime: onnxRuntime(ort, options) });
      for (const { startSeconds, endSeconds, label, probabilities } of answers.float32!) {
        const clip = samples.subarray(Math.round(startSeconds * 8000), Math.round(endSeconds * 8000));
        const own = await model.classify(clip, 8000);
        expect(label).toBe(own.label);
        own.probabilities.forEach((value, i) => {
          expect(Math.abs(value - probabilities[model.outputNames[i]!]!)).toBeLessThan(1e-4);
        });
      }
      await model.close();
      const same = answers.int8!.filter(({ label }, i) => label === answers.float32![i]!.label).length;
      console.log(`${name}: int8 gives the label of float32 for ${same} of ${answers.int8!.length} stretches`);
    } finally {
      await browser.close();
      server.kill("SIGINT");
      rmSync(place, { recursive: true, force: true });
    }
  },
);
