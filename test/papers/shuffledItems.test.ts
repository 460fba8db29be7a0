import { describe, expect, test } from "vitest";
import type { ClipAugmentation, MapAugmentation } from "../../src/augment/augmentation.js";
import { newValues, writeBatch } from "../../src/node/batches/batchItems.js";
import type { AugmentationRecipe } from "../../src/papers/augmentationRecipe.js";
import { shuffledItems } from "../../src/papers/shuffledItems.js";

const COUNT = 10;
const BATCH = 4;
const names = Array.from({ length: COUNT }, (_, i) => `cycle${i}`);
const labels = names.map((_, i) => i % 3);

/** Adds what was drawn, from 0 to 1, to every value. */
const added = {
  name: "added",
  options: {},
  draw: (rng) => ({ value: rng.uniform() }),
  apply: (map, { value }) => ({ ...map, data: map.data.map((x) => x + value) }),
  describe: () => "added",
} as MapAugmentation<{ value: number }>;
const drawn = added as unknown as ClipAugmentation;

/** Maps of one row: ten times the example, and what was drawn for cycle and clip. */
function items(recipe: AugmentationRecipe, seed = 5, count = COUNT) {
  const options = { labels: labels.slice(0, count), names: names.slice(0, count), classes: 3, batchSize: BATCH, seed };
  return shuffledItems(options, recipe, [1, 3, 1], (example, at, drawOf, input) => {
    const drawnFor = (stage: "cycle" | "clip") => (drawOf(stage, at) as { value: number } | null)?.value ?? 0;
    input.set([10 * example, drawnFor("cycle"), drawnFor("clip")]);
  });
}

function batchOf(made: ReturnType<typeof items>, epoch: number, step: number) {
  const values = newValues(made);
  writeBatch(made, epoch, step, values);
  const part = (of: Float32Array, size: number, i: number) => [...of.subarray(i * size, (i + 1) * size)];
  return Array.from({ length: BATCH }, (_, i) => ({
    map: part(values.inputs, 3, i),
    target: part(values.targets, 3, i),
    name: made.nameOf(epoch, step, i),
  }));
}

describe("batches of shuffled passes", () => {
  const plain: AugmentationRecipe = { drawnPer: "batch" };

  test("hold every example once an epoch; the last one is filled up with others", () => {
    const made = items(plain);
    for (const epoch of [1, 2]) {
      const pass = [0, 1, 2].flatMap((step) => batchOf(made, epoch, step));
      expect(pass.slice(0, COUNT).map(({ map }) => map[0]! / 10).sort((a, b) => a - b)).toEqual([...labels.keys()]); // biome-ignore format: one line
      expect(pass.slice(COUNT)).toEqual(pass.slice(0, 3 * BATCH - COUNT));
      for (const { map, target, name } of pass) {
        const example = map[0]! / 10;
        expect(name).toBe(`cycle${example}`);
        expect(target).toEqual([0, 1, 2].map((label) => Number(label === example % 3)));
      }
      expect(batchOf(made, epoch, 4)).toEqual(pass.slice(BATCH, 2 * BATCH));
    }
    expect(batchOf(made, 1, 0)).not.toEqual(batchOf(made, 2, 0));
  });

  test("are a function of seed, epoch and step, whatever was asked for before", () => {
    const recipe: AugmentationRecipe = { drawnPer: "item", cycle: drawn, map: added };
    const made = items(recipe);
    const first = batchOf(made, 2, 1);
    batchOf(made, 1, 0);
    expect(batchOf(made, 2, 1)).toEqual(first);
    expect(batchOf(items(recipe), 2, 1)).toEqual(first);
    expect(batchOf(items(recipe, 6), 2, 1)).not.toEqual(first);
  });

  test("share what is drawn, or have each its own", () => {
    const cyclesOf = (drawnPer: "batch" | "item") =>
      new Set([0, 1].flatMap((step) => batchOf(items({ drawnPer, cycle: drawn }), 1, step).map(({ map }) => map[1])));
    expect(cyclesOf("batch").size).toBe(2);
    expect(cyclesOf("item").size).toBe(2 * BATCH);
  });

  test("draw for a stage what they draw for it alone, and something else for each", () => {
    const alone = batchOf(items({ drawnPer: "batch", cycle: drawn }), 3, 1);
    const beside = batchOf(items({ drawnPer: "batch", cycle: drawn, clip: drawn }), 3, 1);
    expect(beside.map(({ map }) => map[1])).toEqual(alone.map(({ map }) => map[1]));
    expect(beside[0]!.map[2]).not.toBe(beside[0]!.map[1]);
    // The mask adds to all values, the two others to one.
    const masked = batchOf(items({ drawnPer: "batch", cycle: drawn, map: added }), 3, 1)[0]!;
    expect(masked.map[2]).toBeGreaterThan(0);
    expect(masked.map[1]! - masked.map[2]!).toBeCloseTo(alone[0]!.map[1]!, 6);
  });

  test("need as many examples as a batch holds", () => {
    expect(() => items(plain, 1, 3)).toThrow("batch size 4: larger than the set, which has 3 items");
  });
});
