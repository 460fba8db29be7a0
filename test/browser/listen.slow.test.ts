import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import type { Manifest } from "../../src/inference/manifest.js";
import { projectRoot } from "../../src/node/paths.js";
import { testPathOf } from "../../src/papers/testPaths.js";
import { madeUpBreath } from "../../src/web/listening/madeUpBreath.js";
import { tinyWeights, writeTinyModel } from "../web/tinyModel.js";

const program = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout?.trim())
  .find((found) => found);

/** What an export holds, as far as it is looked at here. */
interface Saved {
  notice: string;
  recordings: {
    name: string;
    source: string;
    seconds: number;
    precision: string;
    complete: boolean;
    notes: string[];
    results: {
      kind: string;
      startSeconds: number;
      endSeconds: number;
      cut: string;
      annotated?: string;
      label: string;
      probabilities: Record<string, number>;
      silent: boolean;
    }[];
  }[];
}

/** Pictures go to the folder that AUSCULT_PICTURES names, if any. */
describe.skipIf(!program)(`auscult listen${program ? "" : " (skipped: no Chromium)"}`, { timeout: 300_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "auscult-listen-"));
  const at = (name: string) => path.join(folder, name);
  const sound = madeUpBreath(20 * 8000, 8000);
  let manifest: Manifest;
  let server: ChildProcess;
  let url: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the page and its workers asked of others: seen by the browser's tools, and by a proxy for all but this machine. */
  const foreign: string[] = [];
  const proxy = createServer();
  const errors: string[] = [];

  /** `auscult listen` without a browser, and the address that it prints. */
  async function listen(model: string): Promise<{ child: ChildProcess; address: string }> {
    const args = [path.join(projectRoot(), "scripts", "auscult.mjs"), "listen", "--model", model, "--port", "0"];
    const child = spawn(process.execPath, [...args, "--no-open", "--json"], {
      cwd: projectRoot(),
      env: { ...process.env, AUSCULT_CACHE: at("cache") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! })
        .once("line", resolve)
        .once("close", () => reject(new Error("no address")));
    });
    return { child, address: (JSON.parse(line) as { url: string }).url };
  }
  const end = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGINT");
    });

  async function open(given: { allowed: boolean; width?: number; dark?: boolean } = { allowed: true }): Promise<Page> {
    context = await browser.newContext({
      viewport: { width: given.width ?? 1280, height: 900 },
      colorScheme: given.dark ? "dark" : "light",
      permissions: given.allowed ? ["microphone"] : [],
      acceptDownloads: true,
    });
    const opened = await context.newPage();
    opened.setDefaultTimeout(120_000);
    opened.on("pageerror", (error) => errors.push(error.message));
    opened.on("console", (message) => {
      // Also what the policy forbade.
      if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text())) errors.push(message.text());
    });
    context.on("request", (request) => {
      const asked = request.url();
      if (!asked.startsWith(url) && !asked.startsWith(`blob:${url}`)) foreign.push(asked);
    });
    await opened.goto(url);
    await opened.locator("#open:enabled").waitFor();
    await opened.locator("#offline").waitFor();
    return opened;
  }

  /** Drops files as a hand does. */
  async function drop(...names: string[]): Promise<void> {
    const files = names.map((name) => ({ name, content: readFileSync(at(name)).toString("base64") }));
    const transfer = await page.evaluateHandle((given) => {
      const scope = globalThis as unknown as {
        DataTransfer: new () => { items: { add(file: object): void } };
        File: new (parts: Uint8Array[], name: string) => object;
      };
      const carried = new scope.DataTransfer();
      for (const { name, content } of given) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        carried.items.add(new scope.File([bytes], name));
      }
      return carried;
    }, files);
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  }
  const status = (text: string | RegExp) => page.locator("#status").filter({ hasText: text }).waitFor();
  const row = (name: string) => page.locator("#list li").filter({ hasText: name });
  const isAnswered = (name: string) => row(name).filter({ hasText: "answered in" }).waitFor();
  async function save(form: "CSV" | "JSON"): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`text=Save ${form}`)]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^auscult-\\d{4}-.*\\.${form.toLowerCase()}$`));
    return readFileSync(await download.path(), "utf8");
  }
  const saved = async (name: string, precision = "float32") => {
    const { recordings } = JSON.parse(await save("JSON")) as Saved;
    return recordings.find((one) => one.name === name && one.precision === precision)!;
  };
  const picture = async (name: string) => {
    if (!process.env.AUSCULT_PICTURES) return;
    await page.evaluate(() => (globalThis as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 0));
    await page.screenshot({ path: path.join(process.env.AUSCULT_PICTURES, `listen-${name}.png`), fullPage: true });
  };

  beforeAll(async () => {
    manifest = writeTinyModel(at("model"));
    writeFileSync(at("breath.wav"), encodeWav(sound, 8000));
    writeFileSync(at("breath.txt"), "0.0\t2.5\t0\t0\n2.5\t6.25\t1\t0\n6.25\t9\t1\t1\n");
    writeFileSync(at("a=1,b.wav"), encodeWav(sound.subarray(0, 24_000), 8000));
    writeFileSync(at("not.wav"), "this is a text");
    writeFileSync(at("empty.wav"), "");
    writeFileSync(at("slow.wav"), encodeWav(new Float32Array(300), 100));
    writeFileSync(at("silence.wav"), encodeWav(new Float32Array(5 * 4000), 4000));
    writeFileSync(at("rate11025.wav"), encodeWav(madeUpBreath(4 * 11_025, 11_025), 11_025, 24));
    writeFileSync(at("float.wav"), stereoFloat(madeUpBreath(4 * 44_100, 44_100), 44_100));
    writeFileSync(at("bytes.wav"), bytesWav(madeUpBreath(4 * 4000, 4000), 4000));
    writeFileSync(at("long.wav"), encodeWav(madeUpBreath(600 * 4000, 4000), 4000));
    ({ child: server, address: url } = await listen(at("model")));
    // Chromium asks its makers for updates by itself.
    const note = (asked = "") => {
      if (!/^(https?:\/\/)?[\w.-]*\.(google|googleapis|gvt1)\.com\b/.test(asked)) foreign.push(asked);
    };
    proxy.on("request", ({ url: asked }, answer) => {
      note(asked);
      answer.writeHead(502).end();
    });
    proxy.on("connect", ({ url: asked }, socket) => {
      note(asked);
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({
      executablePath: program!,
      args: [
        "--no-sandbox",
        `--proxy-server=http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        "--use-fake-device-for-media-stream",
        `--use-file-for-fake-audio-capture=${at("breath.wav")}`,
      ],
    });
    page = await open();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    proxy.close();
    if (server && server.exitCode === null) await end(server);
    rmSync(folder, { recursive: true, force: true });
  });

  test("says what it is before anything is heard: no device, made-up sounds, protocol and interval", async () => {
    const text = await page.textContent("body");
    for (const said of [
      "Not a medical device",
      "made-up sounds",
      "honest",
      "95\u00a0% interval 40.0\u00a0% to 60.0\u00a0%",
      "calibrated",
    ])
      expect(text).toContain(said);
    const isolated = await page.evaluate(() => (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated);
    expect(isolated).toBe(true);
  });

  test("a dropped recording with its annotation: each cycle's probabilities are those of the closed form", async () => {
    await drop("breath.txt", "breath.wav");
    await isAnswered("breath.wav");
    const { results, complete } = await saved("breath.wav");
    expect(complete).toBe(true);
    const cycles = results.filter(({ kind }) => kind === "cycle");
    expect(
      cycles.map(({ startSeconds, endSeconds, annotated, cut }) => [startSeconds, endSeconds, annotated, cut]),
    ).toEqual([
      [0, 2.5, "Normal", "annotated"],
      [2.5, 6.25, "Crackle", "annotated"],
      [6.25, 9, "Both", "annotated"],
    ]);
    // What encodeWav wrote, cut and brought to length by the recipe; the network is a line of the input's mean.
    const stored = sound.map((value) => Math.round(value * 32_768) / 32_768);
    const { weights, biases } = tinyWeights(manifest.labels.length);
    for (const { startSeconds, endSeconds, probabilities, label } of cycles) {
      const clip = stored.slice(startSeconds * 8000, endSeconds * 8000);
      const [map] = testPathOf("multibreath").maps(clip, 8000);
      const mean = map!.data.reduce((sum, value) => sum + value, 0) / map!.data.length;
      const powers = weights.map((weight, k) =>
        Math.exp((weight * mean + biases[k]!) / manifest.calibration!.temperature),
      );
      const sum = powers.reduce((a, b) => a + b);
      manifest.labels.forEach((name, k) => {
        expect(Math.abs(probabilities[name]! - powers[k]! / sum), name).toBeLessThan(1e-4);
      });
      expect(label).toBe(manifest.labels[powers.indexOf(Math.max(...powers))]);
    }
    const ends = results.filter(({ kind }) => kind === "window").map(({ endSeconds }) => endSeconds);
    expect(ends).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    expect(await page.locator("tr.chosen").textContent()).toContain("2.5 s");
    await picture("file");
  });

  test("without annotation cycles are approximate, and said to be; names do not become formulas", async () => {
    await drop("a=1,b.wav");
    await isAnswered("a=1,b.wav");
    await page.getByText("by their energy, approximately").waitFor();
    const csv = await save("CSV");
    expect(csv).toMatch(/^recording,source,kind,/);
    expect(csv).toContain('\r\n"a=1,b.wav",file,window,');
    await page.keyboard.press("Delete");
    expect(await row("a=1,b.wav").count()).toBe(0);
  });

  test("int8 answers anew with its own numbers; both times are measured; back is at once", async () => {
    await page.keyboard.press("i");
    await isAnswered("breath.wav");
    const [float, int] = [await saved("breath.wav"), await saved("breath.wav", "int8")];
    expect(int.results.length).toBe(float.results.length);
    const differences = int.results.map(({ probabilities }, i) =>
      Math.abs(probabilities.Normal! - float.results[i]!.probabilities.Normal!),
    );
    expect(Math.max(...differences)).toBeGreaterThan(0);
    expect(Math.max(...differences)).toBeLessThan(0.1);
    await page.keyboard.press("m");
    await page.locator("#measure:enabled").waitFor();
    for (const precision of ["float32", "int8"])
      expect(await page.textContent(`#speed-${precision}`)).toMatch(/^[\d.]+ m?s/);
    await page.keyboard.press("i");
    expect(await row("breath.wav").textContent()).toContain("answered in");
  });

  test("bad files say what is wrong with them, and the others are answered", async () => {
    await drop("not.wav", "empty.wav", "slow.wav", "silence.wav", "rate11025.wav", "float.wav", "bytes.wav");
    for (const name of ["silence.wav", "rate11025.wav", "float.wav", "bytes.wav"]) await isAnswered(name);
    for (const [name, why] of [
      ["not.wav", /not a WAV file/],
      ["empty.wav", /the file is empty/],
      ["slow.wav", /sample rate of 100 Hz/],
    ] as const) {
      await row(name).locator("button").first().click();
      await page.locator("#about").filter({ hasText: why }).waitFor();
      expect(await page.locator("#pictures").isHidden()).toBe(true);
    }
    await picture("bad");
    const silence = await saved("silence.wav");
    expect(silence.results.length).toBeGreaterThan(0);
    expect(silence.results.every(({ silent }) => silent)).toBe(true);
    expect(silence.notes.join()).toContain("silence");
    for (const name of ["rate11025.wav", "float.wav", "bytes.wav"]) {
      const { seconds, results } = await saved(name);
      expect(seconds).toBe(4);
      for (const { probabilities } of results)
        expect(Object.values(probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    }
  });

  test("ten minutes are answered to their end", async () => {
    await page.selectOption("#hop", "8");
    await drop("long.wav");
    await isAnswered("long.wav");
    const { results } = await saved("long.wav");
    const windows = results.filter(({ kind }) => kind === "window");
    expect([windows.length, windows.at(-1)!.endSeconds]).toEqual([75, 600]);
    expect(results.length - windows.length).toBeGreaterThan(100);
    await picture("long");
    await page.keyboard.press("Delete");
    await page.selectOption("#hop", "1");
  });

  test("a microphone is heard, followed and answered, until it is stopped", async () => {
    await page.keyboard.press("r");
    await page.locator("#record.on").waitFor();
    await page.locator("#table tbody tr").first().waitFor();
    await page.getByText(/\d\.\d s heard/).waitFor();
    await picture("live");
    await page.keyboard.press("r");
    await row("Microphone 1").filter({ hasText: "ended" }).waitFor();
    const { source, seconds, results } = await saved("Microphone 1");
    expect(source).toBe("microphone");
    expect(seconds).toBeGreaterThan(1);
    expect(results.filter(({ kind }) => kind === "window").length).toBeGreaterThan(0);
    expect(results.every(({ endSeconds }) => endSeconds <= seconds + 0.01)).toBe(true);
    expect(results.some(({ silent }) => !silent)).toBe(true);
  });

  test("a microphone that goes is said, and what was heard stays", async () => {
    await page.evaluate(() => {
      const devices = (globalThis as unknown as { navigator: { mediaDevices: Devices } }).navigator.mediaDevices;
      interface Devices {
        getUserMedia(asked: object): Promise<{ getTracks(): EventTarget[] }>;
      }
      const real = devices.getUserMedia.bind(devices);
      devices.getUserMedia = async (asked) => {
        const stream = await real(asked);
        const asked_ = JSON.stringify(asked);
        Object.assign(globalThis, {
          asked: asked_,
          unplug: () => stream.getTracks()[0]!.dispatchEvent(new Event("ended")),
        });
        return stream;
      };
    });
    await page.keyboard.press("r");
    await page.getByText(/[1-9]\.\d s heard/).waitFor();
    await page.evaluate(() => void (globalThis as unknown as { unplug(): void }).unplug());
    await status(/microphone is gone.*What was heard is kept.*then record again/);
    expect(await page.textContent("#record")).toContain("Record");
    await row("Microphone 2").filter({ hasText: "ended" }).waitFor();
    // What a browser does for speech is off.
    const asked = await page.evaluate(() => (globalThis as unknown as { asked: string }).asked);
    expect(JSON.parse(asked).audio).toMatchObject({
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    });
  });

  test("with its server gone the page goes on: files, the other precision, the microphone", async () => {
    expect(await end(server)).toBe(0);
    await page.keyboard.press("i");
    writeFileSync(at("offline.wav"), encodeWav(sound.subarray(0, 40_000), 8000));
    await drop("offline.wav");
    await isAnswered("offline.wav");
    expect((await saved("offline.wav", "int8")).results.length).toBeGreaterThan(4);
    await page.keyboard.press("r");
    await page.getByText(/\d\.\d s heard/).waitFor();
    await page.keyboard.press("r");
    await row("Microphone 3").filter({ hasText: "ended" }).waitFor();
    await context.close();
  });

  test("a refused microphone is said in words, and files still work; nothing is wider than a phone", async () => {
    ({ child: server, address: url } = await listen(at("model")));
    page = await open({ allowed: false, width: 360, dark: true });
    await page.click("#record");
    await status(/microphone was refused.*Allow it for this page.*then record again.*WAV files work without it/);
    expect(await page.textContent("#record")).toContain("Record");
    await drop("breath.wav", "breath.txt");
    await isAnswered("breath.wav");
    const wide = await page.evaluate(() => {
      const scope = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number } };
        innerWidth: number;
      };
      return scope.document.documentElement.scrollWidth - scope.innerWidth;
    });
    expect(wide).toBeLessThanOrEqual(0);
    await picture("phone");
    await context.close();
  });

  test("an altered model is refused by the page, too", async () => {
    const file = at("model/model.onnx");
    const bytes = readFileSync(file);
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(file, bytes);
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(url);
    await status(/model\.onnx is not as it was exported/);
    expect(await page.locator("#record").isDisabled()).toBe(true);
    await context.close();
  });

  test("no request went anywhere but to the page's own origin, and no page had an error", () => {
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
  });
});

function header(form: { tag: number; channels: number; bits: number; rate: number }, data: Uint8Array): Uint8Array {
  const { tag, channels, bits, rate } = form;
  const head = Buffer.alloc(44);
  const frame = (channels * bits) / 8;
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * frame, 28);
  head.writeUInt16LE(frame, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** The same on both channels, as 32-bit floating point. */
function stereoFloat(samples: Float32Array, rate: number): Uint8Array {
  const both = Float32Array.from({ length: 2 * samples.length }, (_, i) => samples[i >> 1]!);
  return header({ tag: 3, channels: 2, bits: 32, rate }, new Uint8Array(both.buffer));
}

function bytesWav(samples: Float32Array, rate: number): Uint8Array {
  return header(
    { tag: 1, channels: 1, bits: 8, rate },
    Uint8Array.from(samples, (value) => 128 + Math.round(127 * value)),
  );
}
