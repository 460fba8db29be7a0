import { describe, expect, test } from "vitest";
import type { Example } from "../../../src/datasets/roles.js";
import type { FeatureSet } from "../../../src/features/store/featureSet.js";
import { type BatchItems, newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { ItemMaps } from "../../../src/papers/supconSprs/inputs.js";
import { pretrainingRecipe } from "../../../src/papers/supconSprs/pretrainingRecipe.js";
import { twoViews, twoViewsOf } from "../../../src/papers/supconSprs/twoViews.js";
import { Streams } from "../../../src/random/streams.js";

const ROWS = 2;
const FRAMES = 6;
const BATCH = 8;
const STEPS = 3;
/** Item i has LENGTHS[i] frames, whose values are 100 (i + 1) + frame in either row. */
const LENGTHS = [6, 9, 4, 12, 30, 7];
const LABELS = [0, 0, 0, 0, 1, 2];

const features: FeatureSet = {
  ...{ digest: "made up", count: LENGTHS.length, rows: ROWS },
  frames: (i) => LENGTHS[i]!,
  map: (i) => Float32Array.from({ length: ROWS * LENGTHS[i]! }, (_, k) => 100 * (i + 1) + (k % LENGTHS[i]!)),
};
const examples = LENGTHS.map((_, i): Example<"train"> => {
  const id = `item${i}`;
  return { id, recording: id, file: `${id}.wav`, role: "train", patient: "1", label: LABELS[i]!, className: `${LABELS[i]}`, set: "s" }; // biome-ignore format: one line
});
const maps = new ItemMaps(features, examples);
const recipe = { ...pretrainingRecipe("event", FRAMES, "paper", "full"), batchSize: BATCH };

function batchesOf(seed = 1, over: Partial<typeof recipe> = {}) {
  const options = twoViewsOf(examples, "train", maps, { ...recipe, ...over }, 3, STEPS, new Streams(seed));
  const items = twoViews.make(options) as BatchItems;
  return (epoch: number, step: number) => {
    const values = newValues(items);
    writeBatch(items, epoch, step, values);
    const views = Array.from({ length: 2 * BATCH }, (_, i) => ({
      name: items.nameOf(epoch, step, i),
      input: [...values.inputs.subarray(i * ROWS * FRAMES, (i + 1) * ROWS * FRAMES)],
      target: [...values.targets.subarray(3 * i, 3 * i + 3)],
    }));
    return { first: views.slice(0, BATCH), second: views.slice(BATCH) };
  };
}

const itemOf = (input: readonly number[]) => Math.floor(Math.max(...input) / 100) - 1;

describe("batches of the pretraining", () => {
  test("hold two views of each draw, in one order, with its label", () => {
    const batch = batchesOf();
    for (const [epoch, step] of [
      [1, 0],
      [1, 2],
      [4, 1],
    ] as const) {
      const { first, second } = batch(epoch, step);
      first.forEach((view, i) => {
        const item = itemOf(view.input);
        expect(itemOf(second[i]!.input)).toBe(item);
        expect(view.name).toBe(`item${item}, view 1`);
        expect(second[i]!.name).toBe(`item${item}, view 2`);
        expect(view.target).toEqual([0, 1, 2].map((label) => (label === LABELS[item] ? 1 : 0)));
        expect(second[i]!.target).toEqual(view.target);
      });
    }
  });

  test("draw the two views of an item on their own, from one distribution", () => {
    const batch = batchesOf();
    const all = Array.from({ length: 60 }, (_, epoch) => batch(epoch + 1, 0));
    const pairs = all.flatMap(({ first, second }) => first.map((view, i) => [view.input, second[i]!.input] as const));
    // Item 4 has 25 places, each in two directions: two draws are alike in one of 50.
    const long = pairs.filter(([view]) => itemOf(view) === 4);
    expect(long.length).toBeGreaterThan(80);
    const alike = long.filter(([view, other]) => view.join() === other.join()).length;
    expect(alike / long.length).toBeLessThan(0.12);
    const mean = (side: 0 | 1) => long.reduce((sum, pair) => sum + Math.max(...pair[side]), 0) / long.length;
    // The last frame of a crop is uniform from 5 to 29: a standard deviation of 7.2.
    expect(Math.abs(mean(0) - mean(1))).toBeLessThan((5 * 7.2 * Math.SQRT2) / Math.sqrt(long.length));
    const forwards = (side: 0 | 1) => long.filter((pair) => pair[side][0]! < pair[side][1]!).length / long.length;
    for (const side of [0, 1] as const) expect(Math.abs(forwards(side) - 0.5)).toBeLessThan(0.25);
  });

  test("are class-balanced, and functions of seed, epoch and step alone", () => {
    const batch = batchesOf();
    const names = Array.from({ length: 60 }, (_, epoch) => batch(epoch + 1, 1).first).flat();
    const counts = [0, 1, 2].map((label) => names.filter(({ target }) => target[label] === 1).length);
    const expected = names.length / 3;
    // Chi-square with 2 degrees of freedom: 99.9 % point.
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(13.816);
    expect(batchesOf()(3, 2)).toEqual(batch(3, 2));
    expect(batchesOf(2)(3, 2)).not.toEqual(batch(3, 2));
    expect(batch(3, 1)).not.toEqual(batch(3, 2));
  });

  test("take examples of the role they are asked for, and no others", () => {
    const select = examples.map((example) => ({ ...example, role: "select" as const }));
    const streams = new Streams(1);
    expect(() => twoViewsOf(select, "train", maps, recipe, 3, 1, streams)).toThrow('item0 has role "select"');
    expect(twoViewsOf(select, "select", maps, recipe, 3, 1, streams).role).toBe("select");
  });
});
