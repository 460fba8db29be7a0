import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { decodeWav } from "../../src/audio/wav.js";
import { load } from "../../src/inference/load.js";
import { modelFolderOnDisk } from "../../src/node/modelFolderOnDisk.js";
import { projectRoot } from "../../src/node/paths.js";
import { TEST_PATH_RECIPES, testPathOf } from "../../src/papers/testPaths.js";
import { breaths } from "../inference/breaths.js";
import { type MadeModel, madeModel } from "../inference/madeModel.js";
import { nodeRuntime } from "../inference/nodeModel.js";
import type { Asked, PageAnswer } from "./inferencePage.js";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

const RATE = 44_100;
const WAV = encodeWav(breaths([3, 2.7, 3.5], RATE).samples, RATE);
const { samples: SOUND } = decodeWav(WAV, "sound.wav");
/** Exported folders of real runs, each in a folder of this one, to be compared too. */
const exported = process.env.AUSCULT_EXPORTED;
const folders = exported
  ? readdirSync(exported).filter((name) => existsSync(path.join(exported, name, "manifest.json")))
  : [];

async function bundle(): Promise<string> {
  const page = path.join(projectRoot(), "test/browser/inferencePage.ts");
  const { outputFiles } = await build({
    stdin: {
      contents: `import { answerInPage } from ${JSON.stringify(page)}; globalThis.answerInPage = answerInPage;`,
      resolveDir: projectRoot(),
    },
    bundle: true,
    write: false,
    platform: "browser",
    conditions: ["onnxruntime-web-use-extern-wasm"],
    format: "esm",
    target: "es2022",
    logLevel: "silent",
  });
  return outputFiles![0]!.text;
}

const TYPES: Record<string, string> = { html: "text/html", js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" }; // biome-ignore format: one line

describe.skipIf(!program)(
  `inference in Chromium${program ? "" : " (skipped: no Chromium)"}`,
  { timeout: 600_000 },
  () => {
    const runtime = path.join(projectRoot(), "node_modules", "onnxruntime-web", "dist");
    const made = new Map<string, MadeModel>();
    const asked: string[] = [];
    const errors: string[] = [];
    let script: string;
    let server: Server;
    let browser: Browser;
    let page: Page;
    let address: string;

    async function fileAt(place: string): Promise<Uint8Array | undefined> {
      if (place === "page.html") return new TextEncoder().encode('<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'); // biome-ignore format: one line
      if (place === "page.js") return new TextEncoder().encode(script);
      if (place === "sound.wav") return WAV;
      if (/^ort-[\w.-]+$/.test(place)) return readFileSync(path.join(runtime, place));
      const [kind, name, ...rest] = place.split("/");
      if (kind === "made") return made.get(name!)?.folder.read(rest.join("/"));
      if (kind === "exported") return modelFolderOnDisk(path.join(exported!, name!)).read(rest.join("/"));
      return undefined;
    }

    beforeAll(async () => {
      script = await bundle();
      server = createServer(async (request, response) => {
        const place = decodeURIComponent(new URL(request.url!, "http://localhost").pathname.slice(1));
        const content = await fileAt(place);
        response.writeHead(content ? 200 : 404, {
          "Content-Type": TYPES[place.split(".").at(-1)!] ?? "application/octet-stream",
          "Cross-Origin-Opener-Policy": "same-origin",
          "Cross-Origin-Embedder-Policy": "require-corp",
          "Content-Security-Policy":
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:",
        });
        response.end(content);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({ executablePath: program!, args: ["--no-sandbox"] });
      page = await browser.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(`${address}/page.html`);
      await page.waitForFunction("globalThis.answerInPage");
    });
    afterAll(async () => {
      await browser?.close();
      await new Promise((resolve) => server.close(resolve));
    });

    /** Each time a page of its own: a page's runtime is started once. */
    async function inPage(what: Asked): Promise<PageAnswer> {
      await page.goto(`${address}/page.html`);
      await page.waitForFunction("globalThis.answerInPage");
      return page.evaluate((given) => {
        const { answerInPage } = globalThis as unknown as { answerInPage: (asked: Asked) => Promise<PageAnswer> };
        return answerInPage(given);
      }, what);
    }

    test.each([1, 2] as const)(
      "%i threads: a made-up file has Node's logits, within 1e-5, and its label",
      async (threads) => {
        const model = await madeModel({ recipe: "cycleguardian", task: "icbhi/4-class", labels: ["n", "c", "w", "b"], shape: [84, 626, 3] }); // biome-ignore format: one line
        made.set("dense", model);
        const found = await inPage({ model: "/made/dense", sound: "/sound.wav", precision: "float32", threads });
        const here = await load(model.folder, { runtime: await nodeRuntime() });
        const wanted = await here.classify(SOUND, RATE);
        await here.close();
        expect(found.runtime).toBe(`onnxruntime-web, ${threads === 1 ? "1 thread" : "2 threads"}`);
        expect(found.logits).toHaveLength(1);
        for (const [i, logit] of wanted.maps[0]!.logits.entries()) expect(Math.abs(found.logits[0]![i]! - logit)).toBeLessThan(1e-5); // biome-ignore format: one line
        expect([found.label, found.seconds]).toEqual([wanted.label, wanted.seconds]);
      },
    );

    test.each(TEST_PATH_RECIPES)("features of %s are Node's", async (recipe) => {
      const data = testPathOf(recipe).maps(SOUND, RATE)[0]!;
      const shape = [data.rows, data.frames, data.channels ?? 1];
      made.set(recipe, await madeModel({ recipe, shape }));
      const found = await inPage({ model: `/made/${recipe}`, sound: "/sound.wav", precision: "float32", threads: 1 });
      expect(found.features).toHaveLength(data.data.length);
      const difference = data.data.reduce((most, value, i) => Math.max(most, Math.abs(value - found.features[i]!)), 0);
      // Bit for bit where both programs have the same sines and logarithms, as today's have.
      if (difference > 0) console.log(`${recipe}: features differ by ${difference}`);
      expect(difference).toBeLessThan(1e-6);
    });

    test.runIf(folders.length > 0).each(folders)("%s, exported: Node's logits, within 1e-4", async (name) => {
      const place = path.join(exported!, name);
      for (const precision of ["float32", "int8"] as const) {
        const here = await load(modelFolderOnDisk(place), { runtime: await nodeRuntime(), precision });
        await here.classify(SOUND, RATE);
        const wanted = await here.classify(SOUND, RATE);
        await here.close();
        const found = await inPage({ model: `/exported/${name}`, sound: "/sound.wav", precision, threads: 2 });
        let most = 0;
        for (const [m, { logits }] of wanted.maps.entries())
          for (const [i, logit] of logits.entries()) most = Math.max(most, Math.abs(found.logits[m]![i]! - logit));
        const ms = (seconds: number) => `${(1000 * seconds).toFixed(0)} ms`;
        console.log(
          `${name} ${precision}: logits differ by ${most.toExponential(1)}; ${found.seconds.toFixed(1)} s: Chromium ${ms(found.featureSeconds)} + ${ms(found.networkSeconds)}, Node ${ms(wanted.featureSeconds)} + ${ms(wanted.networkSeconds)}`,
        );
        expect(found.label).toBe(wanted.label);
        if (precision === "float32") expect(most).toBeLessThan(1e-4);
      }
    });

    test("an altered network, and one that is not there, are refused with their sentences", async () => {
      const model = await madeModel();
      made.set("altered", model);
      const given = { model: "/made/altered", sound: "/sound.wav", precision: "float32", threads: 1 } as const;
      await expect(inPage({ ...given, precision: "int8" })).rejects.toThrow(
        "has no ONNX network in int8; there is float32",
      );
      model.files.get("onnx/model.onnx")![1000]! ^= 4;
      await expect(inPage(given)).rejects.toThrow("onnx/model.onnx is not as it was exported");
      await expect(inPage({ ...given, model: "/made/none" })).rejects.toThrow("holds no exported model: there is no manifest.json"); // biome-ignore format: one line
    });

    test("nothing was asked of other machines, and the page had no error", () => {
      expect(asked.filter((url) => !url.startsWith(address) && !url.startsWith("blob:"))).toEqual([]);
      expect(errors).toEqual([]);
    });
  },
);
