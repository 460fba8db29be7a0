import { describe, expect, test } from "vitest";
import { parseWeights } from "../../../src/nn/weights/readWeightsFile.js";
import { encodeSafetensors } from "../../../src/nn/weights/safetensors.js";
import { type Rng, Streams } from "../../../src/random/streams.js";
import { torchFiles } from "./torchFixtures.js";
import { zipOf } from "./zipOf.js";

/** The zip fixture without checksums, so that mutations reach what is behind them. */
function unchecked(file: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const entries: Record<string, Uint8Array> = {};
  for (let at = bytes.indexOf("PK\x01\x02"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 4)) {
    const name = bytes.toString("latin1", at + 46, at + 46 + bytes.readUInt16LE(at + 28));
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    entries[name] = bytes.subarray(start, start + bytes.readUInt32LE(at + 24));
  }
  return zipOf(entries);
}

const seeds: Record<string, Uint8Array> = {
  zip: unchecked(torchFiles.zip!),
  "zip of protocol 4": unchecked(torchFiles["zip of protocol 4"]!),
  "before 1.6": torchFiles["before 1.6"]!,
  safetensors: encodeSafetensors(parseWeights(torchFiles.zip!).tensors),
};

/** One to four changes: a bit, a byte, a number at the edge of its range, a piece taken out, doubled or moved, an end cut off. */
function mutated(seed: Uint8Array, rng: Rng): Uint8Array {
  let bytes = Buffer.from(seed);
  const below = (limit: number) => Math.floor(rng.uniform() * limit);
  for (let changes = 1 + below(4); changes > 0 && bytes.length > 8; changes--) {
    const at = below(bytes.length - 8);
    const end = at + 1 + below(Math.min(64, bytes.length - at));
    const kind = below(7);
    if (kind === 0) bytes[at]! ^= 1 << below(8);
    else if (kind === 1) bytes[at] = below(256);
    else if (kind === 2) bytes.writeUInt32LE([0, 1, 0x7fffffff, 0x80000000, 0xffffffff][below(5)]!, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    else if (kind === 5) bytes.copy(bytes, below(bytes.length), at, end);
    else if (rng.uniform() < 0.2) bytes = bytes.subarray(0, at);
  }
  return new Uint8Array(bytes);
}

describe("mutated files are read or refused, within memory", () => {
  test.each(Object.entries(seeds))("%s", (name, seed) => {
    parseWeights(seed);
    const streams = new Streams(20);
    const outcomes = { read: 0, refused: 0 };
    for (let i = 0; i < 2000; i++) {
      const bytes = mutated(seed, streams.stream(`fuzz/${name}`, i));
      try {
        const { tensors } = parseWeights(bytes);
        const size = [...tensors.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
        expect(size).toBeLessThanOrEqual(4 * bytes.length);
        outcomes.read++;
      } catch (error) {
        // Ours: a RangeError or TypeError would be a check that is missing.
        if ((error as Error).constructor !== Error) throw error;
        expect((error as Error).message.length).toBeLessThan(3000);
        outcomes.refused++;
      }
    }
    expect(outcomes.read).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(500);
    expect(process.memoryUsage().rss).toBeLessThan(2 ** 30);
  });
});
