import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { madeUpBreath } from "../../src/web/listening/madeUpBreath.js";
import { writeTinyModel } from "../web/tinyModel.js";
import { chromiumProgram, type Listening, listenTo, opened } from "./listenPage.js";

interface Saved {
  recordings: {
    seconds: number;
    hopSeconds: number;
    notes: string[];
    results: { kind: string; endSeconds: number; probabilities: Record<string, number>; silent: boolean }[];
  }[];
}

/** A folder that `auscult export` made of a real run; without it a network that answers from the loudness of its input. */
const real = process.env.AUSCULT_TEST_MODEL;

describe.skipIf(!chromiumProgram)("a microphone on the page", { timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-live-"));
  const at = (name: string) => path.join(folder, name);
  let browser: Browser;
  let listening: Listening | undefined;
  let page: Page;

  async function open(model: string): Promise<void> {
    await listening?.end();
    listening = await listenTo(model, at("cache"));
    const context = await browser.newContext({ permissions: ["microphone"], acceptDownloads: true });
    page = await context.newPage();
    await opened(page, listening.url);
  }
  async function saved(): Promise<Saved["recordings"][number]> {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Save JSON")]);
    return (JSON.parse(readFileSync(await download.path(), "utf8")) as Saved).recordings[0]!;
  }
  const ended = () => page.locator("#list li").filter({ hasText: "ended" }).waitFor({ timeout: 300_000 });

  beforeAll(async () => {
    writeTinyModel(at("tiny"));
    writeTinyModel(at("slow"), { slow: 4 });
    writeTinyModel(at("cam"), { seen: "grad-cam++" });
    writeFileSync(at("breath.wav"), encodeWav(madeUpBreath(20 * 8000, 8000), 8000));
    browser = await chromium.launch({
      executablePath: chromiumProgram!,
      args: [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-audio-capture=${at("breath.wav")}`,
      ],
    });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await listening?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test(`each window is answered, or counted as left out (${real ? path.basename(real) : "tiny model"})`, async () => {
    await open(real ?? at("tiny"));
    await page.selectOption("#hop", "1");
    await page.keyboard.press("r");
    await page.getByText(/(1\d|[2-9]\d)\.\d s heard/).waitFor();
    await page.keyboard.press("r");
    await ended();
    const { seconds, hopSeconds, results, notes } = await saved();
    const windows = results.filter(({ kind }) => kind === "window");
    const [, left = "0"] = /(\d+) stretches were not classified/.exec(notes.join()) ?? [];
    expect(hopSeconds).toBe(1);
    expect(windows.length).toBeGreaterThan(0);
    expect(windows.length + Number(left)).toBeGreaterThanOrEqual(Math.floor(seconds));
    // By counting samples: whole hops, and what is left at the end.
    for (const [i, { endSeconds, probabilities, silent }] of windows.entries()) {
      if (i < windows.length - 1) expect(endSeconds).toBe(Math.round(endSeconds));
      expect(endSeconds).toBeLessThanOrEqual(seconds + 1e-3);
      expect(silent).toBe(false);
      const values = Object.values(probabilities);
      expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  test("answers that take longer than the sound: by how much they are behind is said, and what is left out is counted", async () => {
    await open(at("slow"));
    await page.selectOption("#hop", "0.5");
    await page.keyboard.press("r");
    await page
      .locator("#live-text")
      .filter({ hasText: /behind by \d+ s/ })
      .waitFor();
    await page
      .locator("#live-text")
      .filter({ hasText: /\d+ answers left out/ })
      .waitFor();
    await page.keyboard.press("r");
    await ended();
    const { notes, seconds, results } = await saved();
    expect(notes.join()).toMatch(/[1-9]\d* stretches were not classified, as answers took longer than the sound/);
    const windows = results.filter(({ kind }) => kind === "window").length;
    expect(windows).toBeLessThan(Math.floor(seconds / 0.5));
  });

  test("what the model looked at is told of the newest recording, while it listens and after", async () => {
    await open(at("cam"));
    const text = (pattern: RegExp) => page.locator("#look-text").filter({ hasText: pattern }).waitFor();
    const record = async () => {
      await page.keyboard.press("r");
      await page.getByText(/\b(9|1\d|2\d)\.\d s heard/).waitFor();
      await page.locator("#pictures").focus();
      await page.keyboard.press("n");
    };
    await record();
    await page.keyboard.press("l");
    await text(/from \d+\.\d to \d+\.\d s\. .*Grad-CAM\+\+/);
    await page.keyboard.press("r");
    await ended();
    await page.keyboard.press("n");
    await text(/from \d+\.\d to \d+\.\d s\. .*Grad-CAM\+\+/);
    await record();
    await page.keyboard.press("r");
    await page.locator("#list li").filter({ hasText: "Microphone 2" }).filter({ hasText: "ended" }).waitFor();
    await text(/Grad-CAM\+\+/);
    await page.locator("#list li").filter({ hasText: "Microphone 1" }).locator("button").first().click();
    await page.locator("#pictures").focus();
    await page.keyboard.press("n");
    await text(/cannot be told: of microphones the last 2 minutes of the newest recording/);
  });
});
