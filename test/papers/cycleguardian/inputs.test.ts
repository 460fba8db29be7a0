import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import type { FeatureSet } from "../../../src/features/store/featureSet.js";
import { newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { BatchRing } from "../../../src/node/batches/batchRing.js";
import { AUGMENTATIONS } from "../../../src/papers/cycleguardian/augmentation.js";
import { cycleguardianFrontEnd, cycleguardianInput } from "../../../src/papers/cycleguardian/frontEnd.js";
import {
  type CycleInputRecipe,
  cycleItems,
  cyclePadding,
  cycleTrainingItems,
  trainedFrom,
} from "../../../src/papers/cycleguardian/inputs.js";
import { StoredItems } from "../../../src/papers/storedItems.js";
import { Streams } from "../../../src/random/streams.js";
import { madeUp } from "../../features/madeUp.js";
import { sameBits } from "./sameBits.js";

const FRAMES = 626;
const SIZE = 84 * FRAMES * 3;
const frontEnd = cycleguardianFrontEnd("paper", "single");

/** Stored cycles of the given values, [rows, frames, channels] each, and their examples. */
function stored(maps: readonly Float32Array[], rows = 1, channels = 1) {
  const features: FeatureSet = {
    ...{ digest: "made up", count: maps.length, rows, channels },
    frames: (i) => maps[i]!.length / rows / channels,
    map: (i) => maps[i]!,
  };
  const examples = maps.map((_, i): Example<"train"> => {
    const shared = { recording: "r", file: "r.wav", role: "train", patient: "1", set: "icbhi" } as const;
    return { ...shared, id: `r#${i}`, label: i % 4, className: `${i % 4}` };
  });
  return { examples, items: new StoredItems(features, examples) };
}

async function batchesOf(
  of: ReturnType<typeof stored>,
  recipe: Omit<CycleInputRecipe, "batchSize"> & { batchSize?: number },
  steps: readonly number[],
  seed = 1,
): Promise<Float32Array[][]> {
  const batchSize = recipe.batchSize ?? of.examples.length;
  const options = cycleTrainingItems(of.examples, of.items, { ...recipe, batchSize }, 4, new Streams(seed));
  const made = await cycleItems.make(options);
  return steps.map((step) => {
    const values = newValues(made);
    writeBatch(made, 1, step, values);
    return Array.from({ length: batchSize }, (_, i) =>
      values.inputs.slice(i * made.inputSize, (i + 1) * made.inputSize),
    );
  });
}

describe("what training needs of a cycle", () => {
  test("is its sound where that is changed or padded at random, else its map", () => {
    const from = (preset: "paper" | "authors", padding = cyclePadding(preset)) =>
      AUGMENTATIONS.map((augmentation) => trainedFrom({ preset, augmentation, padding }));
    const onSound = ["map", "waveform", "map", "waveform", "waveform"];
    expect(from("paper")).toEqual(Array(5).fill("waveform"));
    expect(from("authors")).toEqual(onSound);
    expect(from("paper", "tile")).toEqual(onSound);
  });

  test("is refused where it is the other, and of another role", () => {
    const { examples, items } = stored([madeUp(100)]);
    const recipe = { preset: "paper", augmentation: "none", padding: "tile", batchSize: 1 } as const;
    expect(() => cycleTrainingItems(examples, items, recipe, 4, new Streams(1))).toThrow(
      "1 rows; this recipe takes 84",
    );
    const tested = examples.map((example) => ({ ...example, role: "test" }));
    // @ts-expect-error test examples are of another type
    expect(() => cycleTrainingItems(tested, items, recipe, 4, new Streams(1))).toThrow('role "test"; only "train"');
  });
});

describe("training inputs from audio", () => {
  const long = madeUp(100_000);

  test("of a longer cycle are the front end's map of its first 8 s, of its last with the authors' preset", async () => {
    const recipe = { augmentation: "none", padding: "random-self-segments" } as const;
    const [[first]] = (await batchesOf(stored([long]), { ...recipe, preset: "paper" }, [0])) as [[Float32Array]];
    expect(sameBits(first, frontEnd.compute(long.slice(0, 80_000)).data)).toBe(true);
    const longer = madeUp(200_000);
    const [[last]] = (await batchesOf(stored([longer]), { ...recipe, preset: "authors" }, [0])) as [[Float32Array]];
    expect(sameBits(last, cycleguardianFrontEnd("authors", "single").compute(longer.slice(24_000)).data)).toBe(true);
  });

  test("of a shorter cycle begin with the cycle and go on otherwise each time", async () => {
    // A sound in the middle: in each piece, which is half of the cycle or more, but where it comes is drawn.
    const cycle = new Float32Array(30_000);
    cycle.set(madeUp(1000), 14_500);
    const recipe = { preset: "paper", augmentation: "none", padding: "random-self-segments" } as const;
    const maps = (await batchesOf(stored([cycle]), recipe, [0, 1, 2])).flat();
    // In the mel channel, row 40.
    const loud = maps.map((map) => [...Array(FRAMES).keys()].filter((t) => map[(40 * FRAMES + t) * 3]! > 1));
    for (const frames of loud) {
      const first = frames.filter((t) => t < 30_000 / 128);
      expect(first.length).toBeGreaterThan(0);
      expect(first.every((t) => Math.abs(128 * t - 15_000) < 1200)).toBe(true);
    }
    expect(new Set(loud.map((frames) => frames.join())).size).toBe(3);
  });

  test("share the paper's operation, and its numbers, in a batch; the authors' draw for each", async () => {
    const recipe = { augmentation: "audio", padding: "tile" } as const;
    const batches = await batchesOf(stored([long, long]), { ...recipe, preset: "paper" }, [0, 1, 2, 3], 2);
    for (const [first, second] of batches) expect(sameBits(first!, second!)).toBe(true);
    const plain = frontEnd.compute(long.slice(0, 80_000)).data;
    expect(new Set(batches.map(([first]) => sameBits(first!, plain)))).toEqual(new Set([true, false]));
    const [own] = await batchesOf(stored([long, long, long]), { ...recipe, preset: "authors" }, [0]);
    expect(own!.every((map) => sameBits(map, own![0]!))).toBe(false);
  });

  test.each(["paper", "authors"] as const)("of one sample and of silence are finite: %s", async (preset) => {
    const of = stored([Float32Array.of(0.25), new Float32Array(1), new Float32Array(9000), madeUp(7)]);
    const [rows, frames, channels] = cycleguardianInput(preset);
    for (const augmentation of ["both", "noise"] as const) {
      const batches = await batchesOf(of, { preset, augmentation, padding: cyclePadding(preset) }, [0, 1]);
      for (const map of batches.flat()) {
        expect(map.length).toBe(rows * frames * channels);
        expect(map.every(Number.isFinite)).toBe(true);
      }
    }
  });

  test("are the same from any number of workers", async () => {
    const { examples, items } = stored([madeUp(5000), madeUp(9000), madeUp(2500), madeUp(4000)].map(shared));
    const recipe = { preset: "paper", augmentation: "both", padding: "random-self-segments", batchSize: 2 } as const;
    const all = cycleTrainingItems(examples, items, recipe, 4, new Streams(3));
    const [rows, channels] = [1, 1];
    const values = shared(Float32Array.from(examples.flatMap((example) => [...items.map(example)])));
    const lengths = examples.map((example) => items.map(example).length);
    const offsets = Float64Array.from(lengths, (_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));
    const maps = { digest: "made up", folder: "", rows, channels, frames: Int32Array.from(lengths), offsets, values };
    const from = async (workers: number) => {
      const ring = await BatchRing.open({
        ...{ program: cycleItems, options: { ...all, maps } },
        ...{ workers, epochs: 1, stepsPerEpoch: 2 },
      });
      const batches: string[] = [];
      for (const step of [0, 1]) {
        const { inputs, targets } = await ring.take(1, step);
        batches.push(digest(inputs), digest(targets));
      }
      await ring.close();
      return batches;
    };
    const here = await from(0);
    expect(await from(2)).toEqual(here);
    expect(new Set(here).size).toBeGreaterThan(2);
  });
});

describe("training inputs from stored maps", () => {
  const maps = [0, 1, 2].map((k) => Float32Array.from({ length: SIZE }, (_, i) => Math.sin(0.37 * i + k)));
  const of = stored(maps, 84, 3);

  test("are those maps, untouched where nothing is drawn", async () => {
    const [batch] = await batchesOf(of, { preset: "paper", augmentation: "none", padding: "tile" }, [0]);
    const found = batch!.map((map) => maps.findIndex((one) => sameBits(one, map)));
    expect(found.sort()).toEqual([0, 1, 2]);
  });

  test("are masked in the same stripes, 30 % of an axis, with the channel's mean", async () => {
    const recipe = { preset: "paper", augmentation: "spectrogram", padding: "tile" } as const;
    const batches = await batchesOf(of, recipe, [0, 1, 2, 3, 4, 5]);
    const counts = batches.map((batch) => {
      const cells = batch.map((map) => {
        const origin = maps.find((one) => [5, 200, 400, 600].some((t) => one[3 * t] === map[3 * t]))!;
        const changed = Int32Array.from([...map.keys()].filter((i) => map[i] !== origin[i]));
        if (changed.length === 0) return changed;
        let sum = 0;
        for (let i = 0; i < SIZE; i += 3) sum += origin[i]!;
        expect(map[changed[0]!]).toBeCloseTo(sum / (SIZE / 3), 6);
        return changed;
      });
      for (const other of cells) expect(sameBits(other, cells[0]!)).toBe(true);
      return cells[0]!.length;
    });
    // 0.3 of 84 rows is 25, of 626 frames 188.
    const [none, rows, frames] = [0, 25 * 626 * 3, 84 * 188 * 3];
    for (const count of counts) expect([none, rows, frames]).toContain(count);
    expect(new Set(counts).size).toBeGreaterThan(1);
  });
});

const digest = (of: Float32Array) => createHash("sha256").update(of).digest("hex");

function shared(values: Float32Array): Float32Array {
  const out = new Float32Array(new SharedArrayBuffer(4 * values.length));
  out.set(values);
  return out;
}
