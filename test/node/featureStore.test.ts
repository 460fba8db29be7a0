import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/encodeWav.js";
import { decodeWav } from "../../src/audio/wav.js";
import type { FrontEnd } from "../../src/features/frontEnd.js";
import { mfcc } from "../../src/features/mfcc.js";
import {
  type FeatureItem,
  type FeatureRequest,
  featureDigest,
  openOrBuildFeatures,
} from "../../src/node/featureStore.js";
import { UserError } from "../../src/userError.js";
import { madeUp } from "../features/madeUp.js";

/** Each frame is one sample: what comes out is the piece that went in, above its negative. */
const mirror: FrontEnd = {
  name: "mirror",
  options: {},
  sampleRateHz: 8000,
  rows: 2,
  frames: (sampleCount) => sampleCount,
  compute: (samples) => ({
    data: Float32Array.of(...samples, ...samples.map((x) => -x)),
    rows: 2,
    frames: samples.length,
  }),
};

let folder: string;
let cacheBefore: string | undefined;
let request: FeatureRequest;
let decoded: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "feature-store-"));
  cacheBefore = process.env.AUSCULT_CACHE;
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
  decoded = [];
  const files = ["a.wav", "b.wav"].map((name, i) => {
    const file = path.join(folder, name);
    writeFileSync(file, encodeWav(madeUp(100 + 100 * i), 8000));
    return file;
  });
  request = {
    name: "made up",
    dataDigest: "digest of the recordings",
    items: [
      { id: "b#0", file: files[1]!, startSeconds: 0.001, endSeconds: 0.002 },
      { id: "a", file: files[0]! },
      { id: "b#1", file: files[1]!, startSeconds: 0.0239, endSeconds: 99 },
    ],
    frontEnd: mirror,
    readSamples: (file) => {
      decoded.push(path.basename(file));
      return decodeWav(readFileSync(file), file);
    },
  };
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

const root = () => path.join(folder, "cache", "features");
const entries = () => (existsSync(root()) ? readdirSync(root()) : []);
const withItem = (change: Partial<FeatureItem>) => ({ ...request, items: [{ ...request.items[0]!, ...change }] });

describe("openOrBuildFeatures", () => {
  it("holds each item's map, cut at whole samples, and decodes a recording once for all its pieces", async () => {
    const progress: number[][] = [];
    const set = await openOrBuildFeatures({ ...request, onProgress: (...numbers) => progress.push(numbers) });
    const samples = decodeWav(readFileSync(request.items[0]!.file), "b").samples;
    expect([set.count, set.rows, set.frames(0), set.frames(1), set.frames(2)]).toEqual([3, 2, 8, 100, 9]);
    expect(set.map(0)).toEqual(Float32Array.of(...samples.subarray(8, 16), ...samples.subarray(8, 16).map((x) => -x)));
    expect(set.map(2).subarray(0, 9)).toEqual(samples.subarray(191));
    expect(decoded).toEqual(["b.wav", "a.wav"]);
    expect(progress).toEqual([
      [2, 3],
      [3, 3],
    ]);
    expect(() => set.map(3)).toThrow("has no item 3");
  });

  it("forgives the rounding of seconds: 126 ms is sample 1008", async () => {
    const spoiled = [...Array(16000).keys()].filter((ms) => Math.trunc((ms / 1000) * 8000) !== ms * 8);
    expect(spoiled.length).toBeGreaterThan(0); // what the plain product would get wrong
    const file = path.join(folder, "long.wav");
    writeFileSync(file, encodeWav(new Float32Array(130_000), 8000));
    const items = spoiled
      .slice(1)
      .map((ms) => ({ id: `${ms}`, file, startSeconds: ms / 1000, endSeconds: ms / 1000 + 0.01 }));
    const starts: number[] = [];
    const frontEnd: FrontEnd = {
      ...mirror,
      compute(samples) {
        starts.push(samples.byteOffset / 4);
        return { data: new Float32Array(2), rows: 2, frames: 1 };
      },
    };
    await openOrBuildFeatures({ ...request, items, frontEnd });
    expect(starts).toEqual(spoiled.slice(1).map((ms) => ms * 8));
  });

  it("opens what is stored without decoding, with the same maps", async () => {
    const first = await openOrBuildFeatures({ ...request, frontEnd: short() });
    decoded.length = 0;
    const second = await openOrBuildFeatures({ ...request, frontEnd: short(), name: "another name" });
    expect(decoded).toEqual([]);
    expect(second.digest).toBe(first.digest);
    expect(entries()).toEqual([first.digest]);
    for (let i = 0; i < first.count; i++) {
      expect(second.map(i)).toEqual(first.map(i));
      expect(second.map(i).length).toBe(second.rows * second.frames(i));
    }
    const { samples } = decodeWav(readFileSync(request.items[1]!.file), "a");
    expect(second.map(1)).toEqual(short().compute(samples).data);
  });

  it("has another digest for other data, items, pieces or front ends, and the same in another folder", () => {
    const digest = featureDigest(request);
    const others = [
      { ...request, dataDigest: "other" },
      { ...request, items: request.items.slice(1) },
      { ...request, items: [...request.items].reverse() },
      { ...request, items: [{ ...request.items[0]!, endSeconds: 0.003 }, ...request.items.slice(1)] },
      { ...request, frontEnd: { ...mirror, options: { gain: 2 } } },
    ].map(featureDigest);
    expect(new Set([digest, ...others]).size).toBe(6);
    const moved = request.items.map((item) => ({ ...item, file: path.join("/elsewhere", path.basename(item.file)) }));
    expect(featureDigest({ ...request, items: moved })).toBe(digest);
  });

  it("builds again what was cut short or has no index", async () => {
    const { digest } = await openOrBuildFeatures(request);
    const expected = Array.from((await openOrBuildFeatures(request)).map(0));
    for (const spoil of [
      () => truncateSync(path.join(root(), digest, "maps.f32"), 5),
      () => rmSync(path.join(root(), digest, "index.json")),
      () => writeFileSync(path.join(root(), digest, "index.json"), '{"format":'),
    ]) {
      spoil();
      decoded.length = 0;
      expect(Array.from((await openOrBuildFeatures(request)).map(0))).toEqual(expected);
      expect(decoded).toEqual(["b.wav", "a.wav"]);
      expect(entries()).toEqual([digest]);
    }
  });

  it("leaves nothing when it is aborted, and the next call builds", async () => {
    const controller = new AbortController();
    const aborted = openOrBuildFeatures({
      ...request,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(aborted).rejects.toThrow(/aborted/);
    expect(entries()).toEqual([]);
    expect((await openOrBuildFeatures(request)).count).toBe(3);
  });

  it("removes what a killed writer left, not what a living one is writing", async () => {
    const digest = featureDigest(request);
    let living = "";
    await openOrBuildFeatures({ ...request, onProgress: () => (living = entries().join()) });
    const [, host] = living.split(".");
    rmSync(path.join(root(), digest), { recursive: true });
    const killed = `${digest}.${host}.999999999.00000000.tmp`;
    const writing = `${digest}.${host}.${process.pid}.00000000.tmp`;
    for (const name of [killed, writing]) mkdirSync(path.join(root(), name));
    await openOrBuildFeatures(request);
    expect(entries().sort()).toEqual([digest, writing].sort());
  });

  it("lets two writers at once both succeed", async () => {
    const sets = await Promise.all([openOrBuildFeatures(request), openOrBuildFeatures(request)]);
    expect(sets[0]!.map(2)).toEqual(sets[1]!.map(2));
    expect(entries()).toEqual([sets[0]!.digest]);
  });

  it("keeps the event loop alive", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const slow: FrontEnd = {
      ...mirror,
      compute(samples) {
        for (const until = performance.now() + 25; performance.now() < until; );
        return mirror.compute(samples);
      },
    };
    await openOrBuildFeatures({ ...request, frontEnd: slow });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it("refuses bad items with their name, and leaves nothing", async () => {
    const file = request.items[0]!.file;
    const refused: [FeatureRequest, string][] = [
      [
        withItem({ startSeconds: 0.01, endSeconds: 0.01 }),
        "b#0: the piece from 0.01 to 0.01 s of b.wav (0.025 s) holds no samples",
      ],
      [withItem({ startSeconds: 1, endSeconds: 2 }), "b#0: the piece from 1 to 2 s"],
      [withItem({ startSeconds: Number.NaN }), "b#0: the piece from NaN"],
      [withItem({ file: path.join(folder, "none.wav") }), "none.wav: the recording cannot be read (ENOENT)"],
      [{ ...request, items: [request.items[0]!, request.items[0]!] }, 'the id "b#0" stands twice'],
      [
        { ...request, frontEnd: { ...mirror, sampleRateHz: 16000 } },
        `${file}: sample rate is 8000 Hz; mirror takes 16000 Hz`,
      ],
    ];
    for (const [bad, message] of refused) {
      const building = openOrBuildFeatures({ ...bad, readSamples: undefined });
      await expect(building).rejects.toThrow(message);
      await expect(building).rejects.toBeInstanceOf(UserError);
    }
    expect(entries()).toEqual([]);
  });
});

function short(): FrontEnd {
  return mfcc({ sampleRateHz: 8000, coefficients: 4, fftSize: 64, hop: 16, bands: 8, padding: "zeros" });
}
