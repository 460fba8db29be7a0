import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeTinyModel } from "../web/tinyModel.js";
import { chromiumProgram, type Listening, listenTo, opened } from "./listenPage.js";

const RATE = 8000;
const [FIRST_SECONDS, HOUR_SECONDS] = [600, 3600];

/**
 * In the page, before its own scripts: a microphone whose samples come as fast as they are answered. Only what the browser brings is replaced
 * (device, audio thread); recorder, workers, messages, list and pictures are the page's own. It runs in the page, so it takes nothing from here.
 */
function fastMicrophone({ rate }: { rate: number }): void {
  interface Scope {
    Worker: new (address: string, options: object) => EventTarget;
    navigator: { mediaDevices: { getUserMedia(): Promise<object> } };
    AudioContext: unknown;
    AudioWorkletNode: unknown;
    feedUntil(seconds: number): Promise<number>;
  }
  interface Said {
    seconds?: number;
    peaks?: object;
    results?: { kind: string; endSeconds: number }[];
  }
  interface Port {
    postMessage(message: unknown): void;
  }
  const scope = globalThis as unknown as Scope;
  let answered = 0;
  let measured = 0;
  const RealWorker = scope.Worker;
  scope.Worker = class extends RealWorker {
    constructor(address: string, options: object) {
      super(address, options);
      this.addEventListener("message", (event) => {
        const { data } = event as unknown as { data: Said };
        if (data.peaks) measured = data.seconds!;
        for (const { kind, endSeconds } of data.results ?? []) if (kind === "window") answered = endSeconds;
      });
    }
  };
  let targets: Port[] = [];
  const node = { connect: () => node, disconnect: () => {} };
  scope.AudioContext = class {
    sampleRate = rate;
    destination = {};
    audioWorklet = { addModule: async () => {} };
    suspend = async () => {};
    resume = async () => {};
    createMediaStreamSource = () => node;
  };
  scope.AudioWorkletNode = class {
    connect = node.connect;
    disconnect = node.disconnect;
    port = {
      postMessage: (message: Port[] | "end") => {
        if (message === "end") for (const target of targets) target.postMessage("end");
        else targets = message;
      },
    };
  };
  const track = { label: "fast", onended: null, stop: () => {} };
  scope.navigator.mediaDevices.getUserMedia = async () => ({
    getAudioTracks: () => [track],
    getTracks: () => [track],
  });
  let sent = 0;
  let seed = 1;
  scope.feedUntil = async (seconds) => {
    while (sent < seconds) {
      // A breath every 3 s, each of another loudness.
      const loud = 0.2 + 0.1 * Math.sin(sent);
      const piece = Float32Array.from({ length: rate }, (_, n) => {
        seed = (seed * 16_807) % 2_147_483_647;
        return loud * Math.max(0.02, Math.sin((Math.PI * (sent + n / rate)) / 1.5)) ** 2 * (seed / 1_073_741_824 - 1);
      });
      for (const target of targets) target.postMessage(piece.slice());
      sent++;
      // A window is due every 2 s.
      while (answered < sent - 4 || measured < sent - 4) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return answered;
  };
}

/** What V8 holds of the page or of one of its workers, after a collection, in bytes. */
interface Heap {
  /** Objects. */
  used: number;
  /** What typed arrays hold. */
  arrays: number;
}

/** A picture that is being drawn while one looks is held, too: the least of so many looks counts. */
const LOOKS = 5;

/** A session with each worker of a page, by its script's name. */
async function workersOf(session: CDPSession): Promise<(name: string, method: string) => Promise<object>> {
  const sessions = new Map<string, string>();
  const waiting = new Map<number, (result: object) => void>();
  let count = 0;
  session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    const name = /([a-z]+)\.js$/.exec(targetInfo.url)?.[1];
    if (name) sessions.set(name, sessionId);
  });
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: object };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return (name, method) =>
    new Promise((resolve, reject) => {
      const sessionId = sessions.get(name);
      if (!sessionId) throw new Error(`no worker ${name}; there are ${[...sessions.keys()]}`);
      waiting.set(++count, resolve);
      session
        .send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id: count, method }) })
        .catch(reject);
    });
}

const folder = mkdtempSync(path.join(tmpdir(), "auscult-hour-"));
let browser: Browser | undefined;
let listening: Listening | undefined;

beforeAll(async () => {
  if (!chromiumProgram) return;
  writeTinyModel(path.join(folder, "model"));
  listening = await listenTo(path.join(folder, "model"), path.join(folder, "cache"));
  browser = await chromium.launch({ executablePath: chromiumProgram, args: ["--no-sandbox"] });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await listening?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Prints what is held; the growth from the tenth minute to the sixtieth is asserted. */
test.skipIf(!chromiumProgram)(
  "an hour of a microphone: the page keeps answers and pictures, its workers nothing",
  { timeout: 1_800_000 },
  async () => {
    const page: Page = await browser!.newPage();
    await page.addInitScript(fastMicrophone, { rate: RATE });
    const session = await page.context().newCDPSession(page);
    const ofWorker = await workersOf(session);
    await opened(page, listening!.url);
    await session.send("HeapProfiler.enable");
    await session.send("Performance.enable");
    const heapOf = async (name: "page" | "worker" | "meter"): Promise<Heap> => {
      const send = (method: "HeapProfiler.collectGarbage" | "Runtime.getHeapUsage") =>
        name === "page" ? session.send(method) : ofWorker(name, method);
      let least: Heap = { used: Number.POSITIVE_INFINITY, arrays: Number.POSITIVE_INFINITY };
      for (let look = 0; look < LOOKS; look++) {
        await send("HeapProfiler.collectGarbage");
        const heap = (await send("Runtime.getHeapUsage")) as { usedSize: number; backingStorageSize: number };
        least = { used: Math.min(least.used, heap.usedSize), arrays: Math.min(least.arrays, heap.backingStorageSize) };
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      return least;
    };
    const all = async () => ({
      page: await heapOf("page"),
      worker: await heapOf("worker"),
      meter: await heapOf("meter"),
    });
    const usedByPage = async () => {
      await session.send("HeapProfiler.collectGarbage");
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "JSHeapUsedSize")!.value;
    };
    const feed = (seconds: number) =>
      page.evaluate(
        (until) => (globalThis as unknown as { feedUntil(seconds: number): Promise<number> }).feedUntil(until),
        seconds,
      );

    await page.keyboard.press("r");
    await page.locator("#record.on").waitFor();
    await feed(FIRST_SECONDS);
    const before = await all();
    const began = await usedByPage();
    expect(await feed(HOUR_SECONDS)).toBeGreaterThanOrEqual(HOUR_SECONDS - 4);
    const after = await all();
    const ended = await usedByPage();
    const rows = await page.locator("#table tbody tr").count();
    const answers = await page.evaluate(() => {
      const scope = globalThis as unknown as { document: { querySelector(what: string): { textContent: string } } };
      return scope.document.querySelector("#more").textContent;
    });
    const mega = (bytes: number) => (bytes / 1e6).toFixed(2);
    for (const name of ["page", "worker", "meter"] as const) {
      const [a, b] = [before[name], after[name]];
      console.log(
        `${name}: objects ${mega(a.used)} MB after 10 minutes, ${mega(b.used)} after 60; arrays ${mega(a.arrays)}, ${mega(b.arrays)}`,
      );
    }
    console.log(`page, JSHeapUsedSize: ${mega(began)} MB, ${mega(ended)} MB; ${rows} rows, ${answers}`);
    // An answer is one object with four numbers: below 400 bytes. Of cycles the table says how many; one window every 2 s.
    const cycles = rows + Number(/\d+/.exec(answers)![0]);
    const objects = 400 * (cycles + (HOUR_SECONDS - FIRST_SECONDS) / 2);
    expect(after.page.used - before.page.used).toBeLessThan(objects + 0.5e6);
    expect(ended - began).toBeLessThan(objects + 0.5e6);
    // Pictures: 6,400 bytes of spectrogram and 850 of waveform for a second, in arrays that grow by doubling.
    expect(after.page.arrays).toBeLessThan(2 * 7250 * HOUR_SECONDS + 2e6);
    // Workers keep the last seconds alone, whatever came before.
    for (const name of ["worker", "meter"] as const) {
      expect(after[name].used - before[name].used, name).toBeLessThan(1e6);
      expect(after[name].arrays - before[name].arrays, name).toBeLessThan(2e6);
    }
    // The table shows a hundred rows, however many answers there are.
    expect(rows).toBe(100);
    await page.keyboard.press("r");
    await page.locator("#list li").filter({ hasText: "ended" }).waitFor();
  },
);
