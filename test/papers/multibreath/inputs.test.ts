import { describe, expect, test } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import type { FeatureSet } from "../../../src/features/store/featureSet.js";
import { type BatchItems, newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { ADAPTED_INPUT, adaptedTestPath } from "../../../src/papers/multibreath/adapter.js";
import { multibreathClip, multibreathTestPath } from "../../../src/papers/multibreath/frontEnd.js";
import {
  type CycleSource,
  inputShapeOf,
  inputWriter,
  multibreathItems,
  trainingOptions,
  trainingStandard,
} from "../../../src/papers/multibreath/inputs.js";
import { type MultibreathRecipe, multibreathRecipe } from "../../../src/papers/multibreath/recipe.js";
import { multibreathRow } from "../../../src/papers/multibreath/rows.js";
import { StoredItems } from "../../../src/papers/storedItems.js";
import { testPathOf } from "../../../src/papers/testPaths.js";
import { Streams } from "../../../src/random/streams.js";

const RATE = 16_000;
const rng = new Streams(4).stream("sounds");
/** Cycles of 0.3 to 9 s. */
const sounds = [0.3, 1, 2.5, 9].map((seconds, i) =>
  Float32Array.from({ length: seconds * RATE }, (_, n) => Math.sin(n * (0.02 + 0.03 * i)) + 0.3 * rng.normal()),
);
const examples = sounds.map((_, i): Example<"train"> => {
  const shared = { recording: "p", file: "maps", role: "train", patient: "p", set: "icbhi" } as const;
  return { ...shared, id: `p#${i}`, label: i, className: "abcd"[i]! };
});
const stored = (of: (i: number) => Float32Array, rows: number): CycleSource => {
  const features = { rows, count: 4, map: of, framesOf: () => 1 } as unknown as FeatureSet;
  return { stored: new StoredItems(features, examples) };
};
const path = multibreathTestPath();
const mel: CycleSource = stored((i) => path.maps(sounds[i]!, RATE)[0]!.data, 64);
const maps: CycleSource = {
  maps: {
    rowOf: (id: string) => (id.startsWith("p#") ? Number(id.slice(2)) : undefined),
    bytes(row: number, out = new Uint8Array(90 * 173)) {
      for (let i = 0; i < out.length; i++) out[i] = (i * (7 + row)) % 251;
      return out;
    },
  },
};
const recipeOf = (row: string, over: Partial<MultibreathRecipe> = {}): MultibreathRecipe => ({
  ...multibreathRecipe(multibreathRow("multibreath/table4", row), "full"),
  ...{ batchSize: 3, ...over },
});

function batch(recipe: MultibreathRecipe, source: CycleSource, seed = 3) {
  const standard = recipe.frontEnd === "mel" ? trainingStandard(examples, source, recipe) : undefined;
  const items = multibreathItems.make(
    trainingOptions(examples, source, recipe, { classes: 4, seed, standard }),
  ) as BatchItems;
  const values = newValues(items);
  writeBatch(items, 1, 0, values);
  const size = inputShapeOf(recipe).reduce((a, b) => a * b);
  const names = [0, 1, 2].map((i) => items.nameOf(1, 0, i));
  return { values, names, standard, inputs: names.map((_, i) => values.inputs.subarray(i * size, (i + 1) * size)) };
}

describe("the standard (decision 31)", () => {
  test("is mean and deviation over all decibels of the training cycles", () => {
    const all = [0, 1, 2, 3].flatMap((i) => [...path.maps(sounds[i]!, RATE)[0]!.data]);
    const mean = all.reduce((a, b) => a + b) / all.length;
    const deviation = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length);
    const found = trainingStandard(examples, mel, { norm: "training-set" });
    expect(found.mean[0]).toBeCloseTo(mean, 8);
    expect(found.deviation[0]).toBeCloseTo(deviation, 8);
  });

  test("of stored maps: 256 levels of 80 dB", () => {
    const bytes = [0, 1, 2, 3].flatMap((row) => Array.from({ length: 90 * 173 }, (_, i) => (i * (7 + row)) % 251));
    const mean = bytes.reduce((sum, byte) => sum + (byte / 255) * 80 - 80, 0) / bytes.length;
    expect(trainingStandard(examples, maps, { norm: "training-set" }).mean[0]).toBeCloseTo(mean, 4);
  });

  test("of batches that the network scales: decibels as they are", () => {
    const { inputs, standard } = batch(recipeOf("mel CNN6", { norm: "batch-minmax", augmentation: "none" }), mel);
    expect(standard).toEqual({ mean: [0], deviation: [1] });
    const whole = [0, 1, 2, 3].map((i) => [...path.maps(sounds[i]!, RATE)[0]!.data]);
    for (const input of inputs) expect(whole).toContainEqual([...input]);
  });
});

describe("training batches", () => {
  test.each([
    ["audio", mel],
    ["icbhi-logmel", maps],
  ] as const)("without augmentation are what is evaluated: %s", (input, source) => {
    const recipe = recipeOf("mel CNN6", { input, augmentation: "none" });
    const { inputs, names, standard, values } = batch(recipe, source);
    const write = inputWriter(source, recipe, standard);
    const out = new Float32Array(inputs[0]!.length);
    for (const [i, name] of names.entries()) {
      write({ id: name }, out, 0);
      expect(inputs[i]).toEqual(out);
      const label = Number(name.slice(2));
      expect([...values.targets.subarray(4 * i, 4 * i + 4)]).toEqual([0, 1, 2, 3].map((k) => Number(k === label)));
    }
  });

  test("have masks of bands and frames at the map's minimum, drawn anew with each seed", () => {
    const recipe = recipeOf("mel CNN6");
    const plain = batch({ ...recipe, augmentation: "none" }, mel);
    const { inputs } = batch(recipe, mel);
    const again = batch(recipe, mel);
    const other = batch(recipe, mel, 4);
    expect(again.values.inputs).toEqual(batch(recipe, mel).values.inputs);
    expect(other.values.inputs).not.toEqual(again.values.inputs);
    for (const [i, masked] of inputs.entries()) {
      const whole = plain.inputs[i]!;
      const least = Math.min(...whole);
      const changed = masked.reduce((count, value, k) => count + Number(value !== whole[k]), 0);
      expect(changed).toBeLessThan(64 * 2 * 39 + 256 * 2 * 19);
      for (const [k, value] of masked.entries()) if (value !== whole[k]) expect(value).toBe(least);
    }
  });

  test("of the learnable front end are samples of 8 s, changed in speed and pitch or not", () => {
    const waveforms = stored((i) => sounds[i]!, 1);
    const recipe = recipeOf("EfficientLEAF CNN6", { augmentation: "none" });
    expect(inputShapeOf(recipe)).toEqual([1, 128_000, 1]);
    const plain = batch(recipe, waveforms);
    for (const [i, name] of plain.names.entries()) {
      expect(plain.inputs[i]).toEqual(multibreathClip(sounds[Number(name.slice(2))]!, 128_000));
    }
    const { inputs } = batch({ ...recipe, augmentation: "default" }, waveforms, 1);
    expect(inputs.some((input, i) => input.some((value, k) => value !== plain.inputs[i]![k]))).toBe(true);
    expect(inputs.every((input) => input.every(Number.isFinite))).toBe(true);
  });
});

test("saved parameters give back the path, from audio and from stored maps", () => {
  const standard = { mean: [-40], deviation: [12] };
  const audio = multibreathTestPath({ frontEnd: "mel", frames: 251, filters: "panns", standard });
  const again = testPathOf("multibreath", "11", JSON.parse(JSON.stringify(audio.parameters)));
  expect([again.digest, again.maps(sounds[1]!, RATE)[0]!.frames]).toEqual([audio.digest, 251]);
  expect(again.digest).not.toBe(path.digest);
  const adapted = adaptedTestPath(standard);
  const clone = testPathOf("multibreath-logmel", "11", JSON.parse(JSON.stringify(adapted.parameters)));
  expect(clone.digest).toBe(adapted.digest);
  const [plain] = adaptedTestPath().maps(sounds[1]!, RATE);
  const [scaled] = clone.maps(sounds[1]!, RATE);
  expect([scaled!.rows, scaled!.frames]).toEqual([ADAPTED_INPUT[0], ADAPTED_INPUT[1]]);
  for (const k of [0, 777, 9000]) expect(scaled!.data[k]).toBeCloseTo((plain!.data[k]! + 40) / 12, 5);
});

describe("bad input", () => {
  const paths = { audio: path, "stored maps": adaptedTestPath() };
  const clips = {
    "one sample": Float32Array.of(0.5),
    "5 ms, less than a window": Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
    silence: new Float32Array(2 * RATE),
  };
  test.each(Object.entries(paths))(
    "of %s: short and silent clips are finite, one of no samples is refused",
    (_, of) => {
      for (const clip of Object.values(clips)) expect(of.maps(clip, RATE)[0]!.data.every(Number.isFinite)).toBe(true);
      expect(() => of.maps(new Float32Array(0), RATE)).toThrow("a clip of 0 samples has no map");
    },
  );

  test("a clip shorter than its fades, or of one sample, is tiled to its length", () => {
    for (const clip of Object.values(clips)) {
      const tiled = multibreathClip(clip, 128_000);
      expect(tiled).toHaveLength(128_000);
      expect(tiled.every(Number.isFinite)).toBe(true);
    }
  });

  test("training items of another role are refused", () => {
    const select = examples.map((one) => ({ ...one, role: "select" })) as unknown as Example<"train">[];
    const recipe = recipeOf("mel CNN6");
    expect(() => trainingOptions(select, mel, recipe, { classes: 4, seed: 0, standard: undefined })).toThrow(TypeError);
  });
});
