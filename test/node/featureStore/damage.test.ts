import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeWav } from "../../../src/audio/wav.js";
import type { ClipBuilder } from "../../../src/features/store/clipBuilder.js";
import { cutPiece } from "../../../src/features/store/clipBuilder.js";
import { BuilderStore } from "../../../src/node/featureStore/builderStore.js";
import { type FeatureItem, openOrBuildFeatures } from "../../../src/node/featureStore/openOrBuild.js";
import { ShardWriter } from "../../../src/node/featureStore/shardWriter.js";
import { verifyStore } from "../../../src/node/featureStore/verify.js";
import { Streams } from "../../../src/random/streams.js";
import { UserError } from "../../../src/userError.js";
import { madeUpItems, mirror, mirrorClips, slowClips } from "./madeUpRequest.js";

let folder: string;
let items: FeatureItem[];
const cacheBefore = process.env.AUSCULT_CACHE;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "feature-damage-"));
  process.env.AUSCULT_CACHE = path.join(folder, "cache");
  items = madeUpItems(path.join(folder, "sounds"), 10);
});

afterEach(() => {
  if (cacheBefore === undefined) delete process.env.AUSCULT_CACHE;
  else process.env.AUSCULT_CACHE = cacheBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** Straight from the recording. */
const oracle = (item: FeatureItem): number[] =>
  Array.from(mirror.compute(cutPiece(decodeWav(readFileSync(item.file), item.file), item)).data);

async function expectAll(builder: ClipBuilder): Promise<number> {
  let computed = 0;
  const counting = {
    ...builder,
    compute(piece: Float32Array, sampleRateHz: number) {
      computed++;
      return builder.compute(piece, sampleRateHz);
    },
  };
  const set = await openOrBuildFeatures({ items, builder: counting });
  items.forEach((item, i) => {
    expect(Array.from(set.map(i))).toEqual(oracle(item));
  });
  return computed;
}

/** The shards' files, those with maps first. */
const shards = (ending: string) => {
  const { folder } = BuilderStore.of(mirrorClips);
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
};

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 0x10;
  writeFileSync(file, bytes);
}

describe("what is damaged is noticed and made again", () => {
  it("a flipped byte, by who reads it, and by verify", async () => {
    expect(await expectAll(mirrorClips)).toBe(40);
    expect(await expectAll(mirrorClips)).toBe(0);
    const [maps] = shards(".maps") as [string];
    flip(maps, 5);
    expect(await expectAll(mirrorClips)).toBe(1);
    expect(await expectAll(mirrorClips)).toBe(0);
    flip(maps, statSync(maps).size - 5);
    const [verified] = await verifyStore();
    expect(verified).toMatchObject({ builder: "mirror", entries: 40, damagedLines: 0 });
    expect(verified!.damaged).toHaveLength(1);
    expect((await verifyStore())[0]).toMatchObject({ entries: 39, damaged: [] });
    expect(await expectAll(mirrorClips)).toBe(1);
    expect((await verifyStore())[0]).toMatchObject({ entries: 40, damaged: [] });
  });

  it("a flipped byte in a set that stays on disk, when its map is read", async () => {
    const request = { items, builder: mirrorClips, wholeBytes: 0 };
    await openOrBuildFeatures(request);
    flip(shards(".maps")[0]!, 5);
    const set = await openOrBuildFeatures(request);
    expect(() => items.map((_, i) => set.map(i))).toThrow("the map at byte 0 is damaged");
    await verifyStore();
    expect(await expectAll(mirrorClips)).toBe(1);
  });

  it("maps cut short, or gone", async () => {
    await expectAll(mirrorClips);
    const [maps] = shards(".maps") as [string];
    truncateSync(maps, Math.floor(statSync(maps).size / 2));
    const [verified] = await verifyStore();
    expect(verified!.damagedLines).toBeGreaterThan(10);
    const again = await expectAll(mirrorClips);
    expect(again).toBe(verified!.damagedLines);
    rmSync(maps);
    expect(await expectAll(mirrorClips)).toBe(40 - again);
  });

  it("an index that is torn at any byte, flipped, or gone", async () => {
    await expectAll(mirrorClips);
    const [index] = shards(".index") as [string];
    const text = readFileSync(index);
    const lines = text.toString().split("\n").slice(0, 3);
    const rng = new Streams(3).stream("tears");
    const tears = Array.from({ length: 6 }, () => rng.integer(text.length - 1));
    for (const at of [...tears, lines[0]!.length, lines[0]!.length + 1]) {
      writeFileSync(index, text.subarray(0, at));
      for (const other of shards(".index")) if (other !== index) rmSync(other);
      const whole = text.subarray(0, at).toString().split("\n").length - 1;
      expect(await expectAll(mirrorClips)).toBe(40 - whole);
    }
    for (const other of shards(".index")) rmSync(other);
    writeFileSync(index, text);
    flip(index, lines[0]!.length + 20);
    expect(await expectAll(mirrorClips)).toBe(1);
  });

  it("an index that lies, with checksums that fit", async () => {
    await expectAll(mirrorClips);
    const [index] = shards(".index") as [string];
    const text = readFileSync(index, "utf8");
    const [first, second] = text.split("\n").map((line) => JSON.parse(line.slice(9) || "[]")) as [unknown[], unknown[]];
    const line = (values: unknown[]) => {
      const body = JSON.stringify(values);
      return `${crc32(body).toString(16).padStart(8, "0")} ${body}\n`;
    };
    const [, key, at, frames, check] = first;
    // Of another's bytes, its own key; too many frames; outside; on no boundary; no numbers at all.
    for (const lie of [
      ["+", key, second[2], second[3], second[4]],
      ["+", key, at, Number(frames) + 1, check],
      ["+", key, 2 ** 40, frames, check],
      ["+", key, -64, frames, check],
      ["+", key, 4, frames, check],
      ["+", key, "0", frames, check],
      ["+", key, at, 1e300, check],
      ["+"],
      [],
      ["?", 1],
    ]) {
      for (const other of shards(".index")) if (other !== index) rmSync(other);
      writeFileSync(index, line(lie) + text.split("\n").slice(1).join("\n"));
      expect(await expectAll(mirrorClips)).toBe(1);
    }
  });

  it("a builder's record", async () => {
    await expectAll(mirrorClips);
    const record = path.join(BuilderStore.of(mirrorClips).folder, "builder.json");
    for (const spoilt of ["{", "{}", '{"format":2,"text":"other","rows":2,"channels":1}']) {
      writeFileSync(record, spoilt);
      expect(await expectAll(mirrorClips)).toBe(0);
    }
  });

  it("foreign files are left alone", async () => {
    await expectAll(mirrorClips);
    const place = BuilderStore.of(mirrorClips).folder;
    appendFileSync(path.join(place, "notes.index"), "not ours");
    expect(await expectAll(mirrorClips)).toBe(0);
    expect(readFileSync(path.join(place, "notes.index"), "utf8")).toBe("not ours");
  });

  it("a full disk is said, and what came before it stays", () => {
    const { folder } = BuilderStore.of(mirrorClips);
    let room = 600;
    const writer = new ShardWriter(folder, (_handle, _bytes, _from, length) => {
      if (length > room) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      room -= length;
      return length;
    });
    const add = () => writer.add("key", 10, new Float32Array(100));
    add();
    expect(add).toThrow(UserError);
    expect(add).toThrow(/the disk is full \(ENOSPC\).*data store prune/);
    writer.close();
  });
});

describe("writers of their own processes", () => {
  const list = () => {
    const file = path.join(folder, "items.json");
    writeFileSync(file, JSON.stringify(items));
    return file;
  };
  const start = async (workers: number): Promise<{ child: ChildProcess; gone: Promise<unknown[]> }> => {
    const program = ["--import", "tsx", "test/node/featureStore/writerInChild.ts", list(), String(workers)];
    const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    const gone = once(child, "exit"); // listened for from the start: an exit before that is never heard
    await once(child.stdout!, "data");
    return { child, gone };
  };

  it("killed at any moment, serve nothing half; the rest is made by the next", async () => {
    const rng = new Streams(9).stream("kills");
    const found: number[] = [];
    for (const workers of [0, 2, 0, 2, 0]) {
      const { child, gone } = await start(workers);
      await new Promise((resolve) => setTimeout(resolve, rng.integer(workers === 0 ? 150 : 900)));
      child.kill("SIGKILL");
      await gone;
      const verified = await verifyStore();
      expect(verified.flatMap(({ damaged }) => damaged)).toEqual([]);
      found.push(verified[0]?.entries ?? 0);
    }
    expect(found).toEqual([...found].sort((a, b) => a - b));
    const before = found.at(-1)!;
    expect(await expectAll(slowClips)).toBe(40 - before);
  });

  it("two at once write one store", async () => {
    const children = await Promise.all([start(0), start(1)]);
    for (const { gone } of children) expect((await gone)[0]).toBe(0);
    expect((await verifyStore())[0]).toMatchObject({ entries: 40, damaged: [], damagedLines: 0 });
    expect(await expectAll(slowClips)).toBe(0);
  });
});
