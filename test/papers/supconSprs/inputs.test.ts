import { describe, expect, test } from "vitest";
import { type Example, type Role, SealedTestSet } from "../../../src/datasets/roles.js";
import type { FeatureSet } from "../../../src/features/store/featureSet.js";
import { type BatchItems, newValues, writeBatch } from "../../../src/node/batches/batchItems.js";
import { ItemMaps, supconItems, trainingItems } from "../../../src/papers/supconSprs/inputs.js";
import { supconRecipe } from "../../../src/papers/supconSprs/recipe.js";
import { Streams } from "../../../src/random/streams.js";

const PLAIN = { network: "resnet18", mixUp: false, pretrained: false } as const;

const ROWS = 2;
const FRAMES = 6;
/** Item i has LENGTHS[i] frames; its value in row r at frame t is 1000 (i + 1) + 100 r + t. */
const LENGTHS = [6, 9, 4, 12, 1, 7];
const valueAt = (item: number, row: number, frame: number) => 1000 * (item + 1) + 100 * row + frame;

const features: FeatureSet = {
  digest: "made up",
  count: LENGTHS.length,
  rows: ROWS,
  frames: (i) => LENGTHS[i]!,
  map: (i) =>
    Float32Array.from({ length: ROWS * LENGTHS[i]! }, (_, k) =>
      valueAt(i, Math.floor(k / LENGTHS[i]!), k % LENGTHS[i]!),
    ),
};
// Four of class 0, one of class 1, one of class 2.
const labels = [0, 0, 0, 0, 1, 2];
const examples = LENGTHS.map((_, i): Example<"train"> => {
  const id = `item${i}`;
  return { id, recording: id, file: `${id}.wav`, role: "train", patient: "1", label: labels[i]!, className: `${labels[i]}`, set: "s" }; // biome-ignore format: one line
});
const maps = new ItemMaps(features, examples);

describe("stored maps", () => {
  test("are cut in the middle, or padded around it", () => {
    const row = (item: number) => {
      const out = new Float32Array(1 + ROWS * FRAMES);
      maps.write(examples[item]!, FRAMES, "centre", out, 1);
      return [...out.subarray(1 + FRAMES)];
    };
    expect(row(0)).toEqual([1100, 1101, 1102, 1103, 1104, 1105]);
    expect(row(1)).toEqual([2101, 2102, 2103, 2104, 2105, 2106]);
    expect(row(2)).toEqual([0, 3100, 3101, 3102, 3103, 0]);
  });
});

describe("training batches", () => {
  const STEPS = 4;
  const recipe = { ...supconRecipe(PLAIN, "event", "paper", "full"), frames: FRAMES, batchSize: 8 };
  const make = (over: Partial<typeof recipe> = {}, seed = 3) => {
    const options = trainingItems(examples, maps, { ...recipe, ...over }, 3, STEPS, new Streams(seed));
    const items = supconItems.make(options) as BatchItems;
    return (epoch: number, step: number) => {
      const values = newValues(items);
      writeBatch(items, epoch, step, values);
      return { inputs: [...values.inputs], targets: [...values.targets] };
    };
  };
  /** What each drawn item became: which item, whether time runs backwards, and the place of its first frame. */
  const itemsOf = (batch: ReturnType<ReturnType<typeof make>>) => {
    const { inputs, targets } = batch;
    return Array.from({ length: targets.length / 3 }, (_, b) => {
      const row = inputs.slice(b * ROWS * FRAMES, b * ROWS * FRAMES + FRAMES);
      const item = Math.floor(Math.max(...row) / 1000) - 1;
      const frames = row.flatMap((value, t) => (value === 0 ? [] : [{ t, frame: value - valueAt(item, 0, 0) }]));
      const [first, second] = frames as [{ t: number; frame: number }, { t: number; frame: number } | undefined];
      const flipped = second !== undefined && second.frame < first.frame;
      // The second row holds the same frames at the same places.
      const below = inputs.slice(b * ROWS * FRAMES + FRAMES, (b + 1) * ROWS * FRAMES);
      expect(below).toEqual(row.map((value) => (value === 0 ? 0 : value + 100)));
      expect(frames).toHaveLength(Math.min(LENGTHS[item]!, FRAMES));
      const target = targets.slice(3 * b, 3 * b + 3);
      expect(target.indexOf(1)).toBe(labels[item]);
      expect(target.reduce((sum, value) => sum + value, 0)).toBe(1);
      return {
        item,
        flipped,
        offset: flipped ? frames.at(-1)!.frame - (FRAMES - 1 - frames.at(-1)!.t) : first.frame - first.t,
      };
    });
  };
  const many = (over: Partial<typeof recipe> = {}) => {
    const batch = make(over);
    return Array.from({ length: 60 }, (_, epoch) => itemsOf(batch(epoch + 1, 2))).flat();
  };

  test("one made alone is the one made in sequence, whatever came before", () => {
    const sequence = make();
    const inOrder = [1, 2, 3].flatMap((epoch) => Array.from({ length: STEPS }, (_, step) => sequence(epoch, step)));
    expect(make()(3, 1)).toEqual(inOrder[2 * STEPS + 1]);
    expect(sequence(2, 0)).toEqual(inOrder[STEPS]);
    expect(inOrder[0]!.inputs.length).toBe(8 * ROWS * FRAMES);
    expect(new Set(inOrder.map(({ inputs }) => inputs.join())).size).toBe(3 * STEPS);
    expect(make({}, 4)(1, 0)).not.toEqual(inOrder[0]);
  });

  test("every class has a third of the draws: chi-square with 2 degrees below its 99.9 % point", () => {
    const drawn = many();
    const counts = [0, 1, 2].map((label) => drawn.filter(({ item }) => labels[item] === label).length);
    const expected = drawn.length / 3;
    expect(counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(13.816);
  });

  test("half of the items run backwards; none or all where that is asked for", () => {
    const flipped = (drawn: ReturnType<typeof many>) => {
      const longer = drawn.filter(({ item }) => LENGTHS[item]! > 1);
      return longer.filter((one) => one.flipped).length / longer.length;
    };
    // About 320 draws: five standard deviations are 0.14.
    expect(Math.abs(flipped(many()) - 0.5)).toBeLessThan(0.14);
    expect(flipped(many({ flipProbability: 0 }))).toBe(0);
    expect(flipped(many({ flipProbability: 1 }))).toBe(1);
  });

  test("a longer item is cut at every place, a shorter one stands at every place", () => {
    const offsets = (item: number) =>
      [...new Set(many({ flipProbability: 0 }).filter((one) => one.item === item).map(({ offset }) => offset))].sort((a, b) => a - b); // biome-ignore format: one line
    expect(offsets(0)).toEqual([0]);
    expect(offsets(1)).toEqual([0, 1, 2, 3]);
    expect(offsets(4)).toEqual([-5, -4, -3, -2, -1, 0]);
  });
});

describe("the door of training", () => {
  const recipe = { ...supconRecipe(PLAIN, "event", "paper", "full"), frames: FRAMES, batchSize: 8 };
  const of = <R extends Role>(role: R): Example<R>[] => examples.map((example) => ({ ...example, role }));
  const streams = new Streams(1);
  // Each call below is an error of the compiler, which `npm run check` asks for, and one at run time.
  test("is closed to select and test examples, in whatever company", () => {
    const sealed = new SealedTestSet("s", of("test"));
    const opened = sealed.open("a mistake", () => {});
    // @ts-expect-error test examples are of another type
    expect(() => trainingItems(opened, maps, recipe, 3, 1, streams)).toThrow('item0 has role "test"; only "train"');
    // @ts-expect-error so are those that choose the epoch
    expect(() => trainingItems(of("select"), maps, recipe, 3, 1, streams)).toThrow('item0 has role "select"');
    const mixed = [...examples, opened[2]!];
    // @ts-expect-error one among many is enough
    expect(() => trainingItems(mixed, maps, recipe, 3, 1, streams)).toThrow('item2 has role "test"');
    // @ts-expect-error items of a sealed set have no labels
    expect(() => trainingItems(sealed.items(), maps, recipe, 3, 1, streams)).toThrow("role");
    // @ts-expect-error a sealed set is no list
    expect(() => trainingItems(sealed, maps, recipe, 3, 1, streams)).toThrow(TypeError);
    expect(() => trainingItems(of("train"), maps, recipe, 3, 1, streams)).not.toThrow();
  });
});
