import { describe, expect, test } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import { melToHz } from "../../../src/features/mel.js";
import { newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { ADAPTED_INPUT, adaptedTestPath, LOGMEL_ADAPTER } from "../../../src/papers/cycleguardian/adapter.js";
import {
  adaptedInputWriter,
  adaptedItems,
  adaptedTrainingItems,
} from "../../../src/papers/cycleguardian/adapterInputs.js";
import type { CycleInputRecipe } from "../../../src/papers/cycleguardian/inputs.js";
import { Streams } from "../../../src/random/streams.js";
import { sameBits } from "./sameBits.js";

const FRAMES = 173;
const SIZE = 84 * FRAMES * 3;

/** Map i: all of them differ, row 3 does not change, the last six rows are loud. */
const maps = {
  rowOf: (id: string) => (id.startsWith("p#") ? Number(id.slice(2)) : undefined),
  bytes: (row: number, out = new Uint8Array(90 * FRAMES)) => {
    for (let i = 0; i < out.length; i++) out[i] = (i * (7 + row) + Math.floor(i / FRAMES)) % 251;
    out.fill(40, 3 * FRAMES, 4 * FRAMES);
    return out.fill(255, 84 * FRAMES);
  },
};

/** papers.md 1.2 and data/README, cell by cell. */
function naive(bytes: Uint8Array): number[] {
  const out = new Array<number>(SIZE);
  for (let row = 0; row < 84; row++) {
    const decibels = [...bytes.slice(row * FRAMES, (row + 1) * FRAMES)].map((u8) => (u8 / 255) * 80 - 80);
    const mean = decibels.reduce((a, b) => a + b) / FRAMES;
    const variance = decibels.reduce((a, b) => a + (b - mean) ** 2, 0) / (FRAMES - 1);
    for (let t = 0; t < FRAMES; t++)
      for (let channel = 0; channel < 3; channel++)
        out[(row * FRAMES + t) * 3 + channel] = (decibels[t]! - mean) / (Math.sqrt(variance) + 1e-6);
  }
  return out;
}

const examples = [0, 1, 2, 3, 4].map((row): Example<"train"> => {
  const shared = { recording: "p", file: "maps", role: "train", patient: "p", set: "icbhi" } as const;
  return { ...shared, id: `p#${row}`, label: row % 2, className: "AB"[row % 2]! };
});
const recipe: CycleInputRecipe = { preset: "paper", augmentation: "none", padding: "tile", batchSize: 2 };

describe("CycleGuardian's input of a stored map", () => {
  test("is the lowest 84 rows in decibels, each standardised over time, three times", () => {
    const out = new Float32Array(SIZE + 2).fill(9);
    adaptedInputWriter(maps)({ id: "p#2" }, out, 1);
    expect([out[0], out[SIZE + 1]]).toEqual([9, 9]);
    const expected = naive(maps.bytes(2));
    // Single precision: decibels of 80 have a step of 8e-6, their deviation is about 23.
    let largest = 0;
    for (let i = 0; i < SIZE; i++) largest = Math.max(largest, Math.abs(out[i + 1]! - expected[i]!));
    expect(largest).toBeLessThan(2e-6);
    expect([...out.subarray(1 + 3 * FRAMES * 3, 1 + 4 * FRAMES * 3)].every((value) => Math.abs(value) < 1e-6)).toBe(
      true,
    );
    expect(() => adaptedInputWriter(maps)({ id: "q#0" }, out, 0)).toThrow("there is no stored map of cycle q#0");
  });

  test("ends at 1.8 kHz, as the adapter says", () => {
    // 128 Slaney bands to 4,096 Hz: mel(4096) = 15 + 27 ln(4.096) / ln(6.4); the 84th ends at 85 / 129 of it.
    const mel = ((15 + (27 * Math.log(4.096)) / Math.log(6.4)) * 85) / 129;
    expect(melToHz(mel, "slaney")).toBeGreaterThan(1750);
    expect(melToHz(mel, "slaney")).toBeLessThan(1850);
    expect(LOGMEL_ADAPTER.doesNotStandFor).toContain("1.8 kHz");
  });

  test("of a clip is that of the map which would be stored: a tone's row stands out until the clip ends", () => {
    const clip = Float32Array.from({ length: 8000 }, (_, n) => 0.1 * Math.sin((2 * Math.PI * 440 * n) / 4000));
    const [map] = adaptedTestPath().maps(clip, 4000);
    expect([map!.rows, map!.frames, map!.channels]).toEqual(ADAPTED_INPUT);
    // 440 Hz is 6.6 of 35.5 mel in 129 steps: row 23. Two seconds of four: half the frames are above the mean.
    const row = Array.from({ length: FRAMES }, (_, t) => map!.data[(23 * FRAMES + t) * 3]!);
    expect(row.slice(5, 80).every((value) => value > 0.9)).toBe(true);
    expect(row.slice(92).every((value) => value < -0.9)).toBe(true);
  });
});

describe("training batches of stored maps", () => {
  const batchOf = (over: Partial<CycleInputRecipe>, step: number, seed = 1) => {
    const options = adaptedTrainingItems(examples, maps, { ...recipe, ...over }, 2, new Streams(seed));
    const made = adaptedItems.make(options) as Exclude<ReturnType<typeof adaptedItems.make>, Promise<unknown>>;
    const values = newValues(made);
    writeBatch(made, 1, step, values);
    return [0, 1].map((i) => ({
      id: made.nameOf(1, step, i),
      input: values.inputs.slice(i * SIZE, (i + 1) * SIZE),
      target: [...values.targets.subarray(2 * i, 2 * i + 2)],
    }));
  };

  test("pair each map with its label; a batch is a function of seed, epoch and step", () => {
    const writeInput = adaptedInputWriter(maps);
    const own = new Float32Array(SIZE);
    for (const { id, input, target } of [0, 1].flatMap((step) => batchOf({}, step))) {
      writeInput({ id }, own, 0);
      expect(sameBits(input, own)).toBe(true);
      expect(target.indexOf(1)).toBe(Number(id.slice(2)) % 2);
    }
    const masked = { augmentation: "spectrogram" } as const;
    const again = batchOf(masked, 1);
    for (const [i, { input }] of batchOf(masked, 1).entries()) expect(sameBits(input, again[i]!.input)).toBe(true);
    const changed = [0, 1, 2, 3, 4, 5].map((step) => {
      const [one] = batchOf(masked, step);
      writeInput({ id: one!.id }, own, 0);
      return one!.input.filter((value, i) => value !== own[i]).length > 1000;
    });
    expect(new Set(changed)).toEqual(new Set([true, false]));
  });

  test("refuse what changes sounds, cycles without a map and other roles", () => {
    const items = (over: Partial<CycleInputRecipe>) =>
      adaptedTrainingItems(examples, maps, { ...recipe, ...over }, 2, new Streams(1));
    for (const augmentation of ["audio", "both", "noise"] as const)
      expect(() => items({ augmentation })).toThrow(
        `augmentation "${augmentation}" changes samples, and icbhi-logmel holds maps without their sound; it needs the recordings. On stored maps there are none and spectrogram`,
      );
    expect(() => items({ padding: "random-self-segments" })).toThrow(
      'padding "random-self-segments" changes samples, and icbhi-logmel holds maps without their sound; it needs the recordings. Stored maps have 4 s, with silence behind',
    );
    const other = [{ ...examples[0]!, id: "q#7" }];
    expect(() => adaptedTrainingItems(other, maps, recipe, 2, new Streams(1))).toThrow("no stored map of cycle q#7");
    const chosenBy = examples.map((example) => ({ ...example, role: "select" }));
    // @ts-expect-error select examples are of another type
    expect(() => adaptedTrainingItems(chosenBy, maps, recipe, 2, new Streams(1))).toThrow('role "select"');
  });
});
