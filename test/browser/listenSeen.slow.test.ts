import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { writeTinyModel } from "../web/tinyModel.js";
import { chromiumProgram, type Listening, listenTo, opened } from "./listenPage.js";

const RATE = 8000;
const SECONDS = 12;
/** A tone of half a second, and where it is. */
const TONE = { hertz: 700, atSeconds: 3.2 };
/** As `src/web/page/canvasFrame.ts` has it. */
const [LEFT, RIGHT, TOP_HZ] = [54, 8, 2000];

function sound(): Float32Array {
  let seed = 1;
  return Float32Array.from({ length: SECONDS * RATE }, (_, n) => {
    seed = (seed * 16_807) % 2_147_483_647;
    const near = Math.abs(n / RATE - TONE.atSeconds) / 0.25;
    const swell = near < 1 ? Math.cos((Math.PI * near) / 2) ** 2 : 0;
    return 0.5 * swell * Math.sin((2 * Math.PI * TONE.hertz * n) / RATE) + 1e-3 * (seed / 1e9 - 1);
  });
}

/** Pictures go to the folder that AUSCULT_PICTURES names, if any. */
describe.skipIf(!chromiumProgram)("what the model looks at, on the page", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-seen-"));
  const at = (name: string) => path.join(folder, name);
  let browser: Browser;
  let listening: Listening | undefined;
  let page: Page;
  const errors: string[] = [];

  async function open(model: string, cycles: string): Promise<void> {
    await listening?.end();
    listening = await listenTo(at(model), at("cache"));
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on("pageerror", (error) => errors.push(error.message));
    await opened(page, listening.url);
    writeFileSync(at("tone.txt"), cycles);
    await page.setInputFiles("#files", [at("tone.wav"), at("tone.txt")]);
    await page.locator("#list li").filter({ hasText: "answered in" }).waitFor();
  }
  const text = (pattern: RegExp) => page.locator("#look-text").filter({ hasText: pattern }).waitFor();
  /** Colours of a canvas, in CSS pixels: how much redder than blue each is, [height][width]. */
  const orange = (id: string) =>
    page.evaluate((name) => {
      interface Canvas {
        width: number;
        height: number;
        getContext(kind: "2d"): {
          getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
        };
      }
      const canvas = (
        globalThis as unknown as { document: { getElementById(id: string): Canvas } }
      ).document.getElementById(name);
      const { width, height } = canvas;
      const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
      return Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => data[4 * (y * width + x)]! - data[4 * (y * width + x) + 2]!),
      );
    }, id);
  const secondsAt = (x: number, width: number) => ((x + 0.5 - LEFT) / (width - LEFT - RIGHT)) * SECONDS;
  /** The middle of what is at least nine tenths as orange as the most. */
  const middleOf = (levels: number[]) => {
    const most = Math.max(...levels);
    const high = levels.flatMap((level, i) => (level >= 0.9 * most ? [i] : []));
    return high.reduce((a, b) => a + b, 0) / high.length;
  };
  const picture = async (name: string) => {
    if (process.env.AUSCULT_PICTURES)
      await page.screenshot({ path: path.join(process.env.AUSCULT_PICTURES, `seen-${name}.png`), fullPage: true });
  };

  beforeAll(async () => {
    writeTinyModel(at("cam"), { seen: "grad-cam++" });
    writeTinyModel(at("attention"), { seen: "attention" });
    writeTinyModel(at("cepstra"), {
      ...{ seen: "grad-cam++", recipe: "supcon-sprs", task: "sprsound/11", labels: ["Normal", "Adventitious"] },
    });
    writeTinyModel(at("blind"));
    writeFileSync(at("tone.wav"), encodeWav(sound(), RATE));
    browser = await chromium.launch({ executablePath: chromiumProgram!, args: ["--no-sandbox"] });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await listening?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a map that is bright where the input is loud lies over the tone, in time and in frequency", async () => {
    await open("cam", "1\t6\t0\t0\n6\t11.5\t0\t0\n");
    expect(await page.locator("#look-more").isHidden()).toBe(true);
    // By the keyboard: the first cycle is chosen with it.
    await page.locator("#look").focus();
    await page.keyboard.press("Space");
    await text(/Cycle from 1\.0 to 6\.0 s.*Grad-CAM\+\+/);
    // Labels of even place are bright where it is loud; which is the answer, the sound decides.
    await page.selectOption("#look-output", "0");
    await text(/speaks for Normal/);
    await picture("map");
    const levels = await orange("spectrum");
    const [height, width] = [levels.length, levels[0]!.length];
    const columns = Array.from({ length: width }, (_, x) =>
      levels.reduce((sum, line) => sum + Math.max(0, line[x]!), 0),
    );
    const row = Math.round(height * (1 - TONE.hertz / TOP_HZ));
    expect(Math.abs(secondsAt(middleOf(levels[row]!), width) - TONE.atSeconds)).toBeLessThan(0.1);
    const x = Math.round(LEFT + (TONE.atSeconds / SECONDS) * (width - LEFT - RIGHT));
    const column = levels.map((line) => line[x]!);
    expect(Math.abs(TOP_HZ * (1 - (middleOf(column) + 0.5) / height) - TONE.hertz)).toBeLessThan(60);
    // Nothing of the input's second half, which repeats the cycle, lies on what follows.
    columns.forEach((level, x) => {
      const seconds = secondsAt(x, width);
      if (seconds < 0.98 || seconds > 6.05) expect(level, `${seconds} s`).toBe(0);
    });
    expect(await page.textContent("#look-text")).toMatch(
      /input of 8\.2\s.*repeats this cycle.*only the first pass is drawn/,
    );
  });

  test("another label has its own map: the opposite one is dark at the tone", async () => {
    await page.keyboard.press("Escape");
    await page.locator("#look-output").evaluate((element) => (element as unknown as { blur(): void }).blur());
    await page.selectOption("#look-output", "1");
    await text(/speaks for Crackle/);
    const levels = await orange("spectrum");
    const width = levels[0]!.length;
    const row = Math.round(levels.length * (1 - TONE.hertz / TOP_HZ));
    const x = (seconds: number) => Math.round(LEFT + (seconds / SECONDS) * (width - LEFT - RIGHT));
    expect(levels[row]![x(TONE.atSeconds)]).toBeLessThan(0.6 * levels[row]![x(2)]!);
    await page.locator("#pictures").focus();
    await page.keyboard.press("e");
    expect(await page.inputValue("#look-output")).not.toBe("1");
  });

  test("the next cycle is looked at when it is chosen; int8 says whose map it is; off is off", async () => {
    await page.locator("#pictures").focus();
    await page.keyboard.press("n");
    await text(/Cycle from 6\.0 to 11\.5 s/);
    await page.keyboard.press("i");
    await page.locator("#list li").filter({ hasText: "answered in" }).waitFor();
    await page.keyboard.press("n");
    await text(/As float32 looks; int8 cannot tell/);
    await page.keyboard.press("l");
    await page.locator("#look-more").waitFor({ state: "hidden" });
    expect(await page.locator("#look").isChecked()).toBe(false);
  });

  test("attention is a line beneath the spectrogram, highest at the tone", async () => {
    await open("attention", "0\t8\t0\t0\n");
    await page.keyboard.press("l");
    await text(/attention over time/);
    expect(await page.locator("#look-output-label").isHidden()).toBe(true);
    const levels = await orange("seen");
    const width = levels[0]!.length;
    const heights = Array.from({ length: width }, (_, x) => levels.filter((line) => line[x]! > 100).length);
    expect(Math.abs(secondsAt(middleOf(heights), width) - TONE.atSeconds)).toBeLessThan(0.1);
    await picture("attention");
  });

  test("a map over cepstra has its own picture, in the same time, and says why", async () => {
    await open("cepstra", "2\t4.5\t0\t0\n");
    await page.keyboard.press("l");
    await text(/no single frequencies.*picture of its own/);
    await text(/filled up with zeros/);
    // The map is 0.73 all over (sigmoid(1 - x / 10) of an input near 0), and drawn within the event alone.
    const levels = await orange("seen");
    levels[50]!.forEach((level, x) => {
      const seconds = secondsAt(x, levels[0]!.length);
      if (seconds > 2.1 && seconds < 4.4) expect(level, `${seconds} s`).toBeGreaterThan(60);
      if (seconds < 1.9 || seconds > 4.6) expect(level, `${seconds} s`).toBeLessThan(20);
    });
    await picture("own");
  });

  test("a model that cannot tell has no switch", async () => {
    await open("blind", "0\t8\t0\t0\n");
    expect(await page.locator("#looking").isHidden()).toBe(true);
    await page.locator("#pictures").focus();
    await page.keyboard.press("l");
    expect(await page.locator("#looking").isHidden()).toBe(true);
    expect(errors).toEqual([]);
  });
});
