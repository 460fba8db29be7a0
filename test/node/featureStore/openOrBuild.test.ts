import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeWav } from "../../../src/audio/encodeWav.js";
import { resample } from "../../../src/audio/resample.js";
import { decodeWav } from "../../../src/audio/wav.js";
import type { FrontEnd } from "../../../src/features/frontEnd.js";
import { mfcc } from "../../../src/features/mfcc.js";
import { type ClipBuilder, clipBuilder } from "../../../src/features/store/clipBuilder.js";
import {
  type FeatureItem,
  type FeatureRequest,
  openOrBuildFeatures,
} from "../../../src/node/featureStore/openOrBuild.js";
import { openShared } from "../../../src/node/featureStore/storedSet.js";
import { UserError } from "../../../src/userError.js";
import { madeUp } from "../../features/madeUp.js";
import { madeUpItems, mirror, mirrorClips, place } from "./madeUpRequest.js";

let folder: string;
let cacheBefore: string | undefined;
let request: FeatureRequest;
let prepared: number[];

/** Notes the length of each recording that it prepares. */
const noting = (builder: ClipBuilder): ClipBuilder => ({
  ...builder,
  prepare(recording) {
    prepared.push(recording.samples.length);
    return builder.prepare(recording);
  },
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "feature-store-"));
  cacheBefore = process.env.AUSCULT_CACHE;
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
  prepared = [];
  const files = ["a.wav", "b.wav"].map((name, i) => {
    const file = path.join(folder, name);
    writeFileSync(file, encodeWav(madeUp(100 + 100 * i), 8000));
    return file;
  });
  request = {
    items: [
      { id: "b#0", file: files[1]!, startSeconds: 0.001, endSeconds: 0.002 },
      { id: "a", file: files[0]! },
      { id: "b#1", file: files[1]!, startSeconds: 0.0239, endSeconds: 99 },
    ],
    builder: noting(mirrorClips),
  };
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

const root = () => path.join(folder, "cache", "features");
const builders = () => (existsSync(root()) ? readdirSync(root()) : []);
const samplesOf = (file: string) => decodeWav(readFileSync(file), file).samples;
const withItem = (change: Partial<FeatureItem>) => ({ ...request, items: [{ ...request.items[0]!, ...change }] });

describe("openOrBuildFeatures", () => {
  it("holds each item's map, cut at whole samples, and decodes a recording once for all its pieces", async () => {
    const progress: number[][] = [];
    const set = await openOrBuildFeatures({
      ...request,
      onProgress: ({ done, total }) => progress.push([done, total]),
    });
    const samples = samplesOf(request.items[0]!.file);
    expect([set.count, set.rows, set.frames(0), set.frames(1), set.frames(2)]).toEqual([3, 2, 8, 100, 9]);
    expect(set.map(0)).toEqual(Float32Array.of(...samples.subarray(8, 16), ...samples.subarray(8, 16).map((x) => -x)));
    expect(set.map(2).subarray(0, 9)).toEqual(samples.subarray(191));
    expect(prepared).toEqual([200, 100]);
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
    await openOrBuildFeatures({ items, builder: clipBuilder(frontEnd) });
    expect(starts).toEqual(spoiled.slice(1).map((ms) => ms * 8));
  });

  it("opens what is stored without decoding, with the same maps", async () => {
    const builder = noting(clipBuilder(short()));
    const first = await openOrBuildFeatures({ ...request, builder });
    prepared.length = 0;
    const second = await openOrBuildFeatures({ ...request, builder });
    expect(prepared).toEqual([]);
    expect(second.digest).toBe(first.digest);
    for (let i = 0; i < first.count; i++) {
      expect(second.map(i)).toEqual(first.map(i));
      expect(second.map(i).length).toBe(second.rows * second.frames(i));
    }
    expect(second.map(1)).toEqual(short().compute(samplesOf(request.items[1]!.file)).data);
  });

  it("computes only what no other list has stored, wherever the files lie", async () => {
    await openOrBuildFeatures(request);
    prepared.length = 0;
    const copy = path.join(folder, "copy of b.wav");
    writeFileSync(copy, readFileSync(request.items[0]!.file));
    const items = [
      { id: "another id", file: copy, startSeconds: 0.001, endSeconds: 0.002 },
      { id: "all", file: copy },
      { id: "all again", file: request.items[0]!.file },
    ];
    const set = await openOrBuildFeatures({ ...request, items });
    expect(prepared).toEqual([200]);
    expect(set.map(0)).toEqual((await openOrBuildFeatures(request)).map(0));
    expect(set.map(2).byteOffset).toBe(set.map(1).byteOffset);
  });

  it("has other entries for another content, cut, order or builder", async () => {
    const digests = [(await openOrBuildFeatures(request)).digest];
    const file = request.items[1]!.file;
    for (const other of [
      { ...request, items: [...request.items].reverse() },
      withItem({ endSeconds: 0.003 }),
      { ...request, builder: clipBuilder({ ...mirror, options: { gain: 2 } }) },
      { ...request, builder: clipBuilder(mirror, { align: { name: "none", apply: (piece) => piece } }) },
    ]) {
      digests.push((await openOrBuildFeatures(other)).digest);
    }
    writeFileSync(file, encodeWav(madeUp(101), 8000));
    const changed = await openOrBuildFeatures(request);
    expect(changed.frames(1)).toBe(101);
    expect(new Set([...digests, changed.digest]).size).toBe(6);
    expect(builders().length).toBe(3);
  });

  it("resamples a recording before it is cut, where the builder says so", async () => {
    const file = path.join(folder, "other rate.wav");
    writeFileSync(file, encodeWav(madeUp(400), 16_000));
    const items = [{ id: "half", file, startSeconds: 0.0125, endSeconds: 0.025 }];
    await expect(openOrBuildFeatures({ ...request, items })).rejects.toThrow(
      `${file}: sample rate is 16000 Hz; mirror takes 8000 Hz`,
    );
    const set = await openOrBuildFeatures({ items, builder: clipBuilder(mirror, { resample: "best" }) });
    expect(set.map(0).subarray(0, 100)).toEqual(resample(samplesOf(file), 16_000, 8000, "best").subarray(100));
  });

  it("stores the same bytes with any number of workers", async () => {
    const items = madeUpItems(path.join(folder, "many"), 12);
    const sets = [];
    for (const workers of [0, 1, 2, 3]) {
      process.env.AUSCULT_CACHE = path.join(folder, `cache${workers}`);
      sets.push(await openOrBuildFeatures({ items, builder: mirrorClips, place: place("mirrorClips"), workers }));
      const shards = readdirSync(path.join(folder, `cache${workers}`, "features", builders()[0] ?? "")).length;
      expect(shards).toBeGreaterThan(0);
    }
    const maps = sets.map((set) => items.map((_, i) => Array.from(set.map(i))));
    for (const other of maps.slice(1)) expect(other).toEqual(maps[0]);
    expect(maps[0]![4]!.length).toBe(2 * 307);
  });

  it("reads map by map what is too large for memory, here and in another thread's copy", async () => {
    const whole = await openOrBuildFeatures(request);
    const single = await openOrBuildFeatures({ ...request, wholeBytes: 100 });
    expect(single.shared().values).toBeUndefined();
    for (const set of [single, openShared(structuredClone(single.shared()))])
      for (let i = 0; i < whole.count; i++) expect(set.map(i)).toEqual(whole.map(i));
    const passedOn = openShared(whole.shared());
    expect(passedOn.map(2).buffer).toBe(whole.map(2).buffer);
  });

  it("keeps what was computed when it is aborted, and the next call goes on", async () => {
    for (const workers of [0, 2]) {
      process.env.AUSCULT_CACHE = path.join(folder, `aborted${workers}`);
      const items = madeUpItems(path.join(folder, "many"), 12);
      const controller = new AbortController();
      const many = { items, builder: noting(mirrorClips), place: place("mirrorClips"), workers };
      const aborted = openOrBuildFeatures({ ...many, signal: controller.signal, onProgress: () => controller.abort() });
      await expect(aborted).rejects.toThrow(/aborted/);
      prepared.length = 0;
      const set = await openOrBuildFeatures({ ...many, place: undefined });
      expect(set.count).toBe(48);
      expect(prepared.length).toBeLessThan(12);
      expect(prepared.length).toBeGreaterThan(0);
    }
  });

  it("lets two writers at once both succeed", async () => {
    const sets = await Promise.all([openOrBuildFeatures(request), openOrBuildFeatures(request)]);
    expect(sets[0]!.map(2)).toEqual(sets[1]!.map(2));
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
    await openOrBuildFeatures({ ...request, builder: clipBuilder(slow) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it("gives an empty list an empty set", async () => {
    expect((await openOrBuildFeatures({ ...request, items: [] })).count).toBe(0);
  });

  it("refuses bad items with their name, here and from a worker", async () => {
    const file = request.items[0]!.file;
    const broken = path.join(folder, "broken.wav");
    writeFileSync(broken, "RIFF");
    const refused: [FeatureRequest, string][] = [
      [
        withItem({ startSeconds: 0.01, endSeconds: 0.01 }),
        "b#0 (b.wav): the piece from 0.01 to 0.01 s of a recording of 0.025 s holds no samples",
      ],
      [withItem({ startSeconds: 1, endSeconds: 2 }), "b#0 (b.wav): the piece from 1 to 2 s"],
      [withItem({ startSeconds: Number.NaN }), "b#0 (b.wav): the piece from NaN"],
      [withItem({ file: path.join(folder, "none.wav") }), "none.wav: the recording cannot be read (ENOENT)"],
      [withItem({ file: broken }), broken],
      [{ ...request, items: [request.items[0]!, request.items[0]!] }, 'the id "b#0" stands twice'],
      [
        { ...request, builder: clipBuilder({ ...mirror, sampleRateHz: 16000 }) },
        `${file}: sample rate is 8000 Hz; mirror takes 16000 Hz`,
      ],
    ];
    for (const [bad, message] of refused) {
      const building = openOrBuildFeatures(bad);
      await expect(building).rejects.toThrow(message);
      await expect(building).rejects.toBeInstanceOf(UserError);
    }
    const inWorker = openOrBuildFeatures({ ...withItem({ file: broken }), place: place("mirrorClips"), workers: 1 });
    await expect(inWorker).rejects.toThrow(broken);
    await expect(inWorker).rejects.toBeInstanceOf(UserError);
    const another = { ...request, place: place("slowClips"), workers: 1 };
    await expect(openOrBuildFeatures(another)).rejects.toThrow("slow mirror: the worker finds another builder");
    const nowhere = { ...request, place: { file: "src/userError.ts", name: "clips" }, workers: 1 };
    await expect(openOrBuildFeatures(nowhere)).rejects.toThrow("src/userError.ts exports no clips");
  });
});

function short(): FrontEnd {
  return mfcc({ sampleRateHz: 8000, coefficients: 4, fftSize: 64, hop: 16, bands: 8, padding: "zeros" });
}
