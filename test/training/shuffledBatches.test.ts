import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { ShuffledBatches } from "../../src/training/shuffledBatches.js";

const batches = (seed = 1, options = {}) =>
  new ShuffledBatches({ count: 10, batchSize: 4, ...options }, new Streams(seed));
const epochOf = (from: ShuffledBatches, epoch: number) =>
  Array.from({ length: from.stepsPerEpoch }, (_, step) => from.indices(epoch, step));

describe("shuffled batches", () => {
  test("an epoch has every item once, the last batch what is left", () => {
    for (const epoch of [1, 2, 7]) {
      const found = epochOf(batches(), epoch);
      expect(found.map(({ length }) => length)).toEqual([4, 4, 2]);
      expect(found.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });

  test("a short last batch can be left out", () => {
    const found = epochOf(batches(1, { dropLast: true }), 1);
    expect(found.map(({ length }) => length)).toEqual([4, 4]);
    expect(found).toEqual(epochOf(batches(), 1).slice(0, 2));
  });

  test("any batch of any epoch can be made alone, in any order", () => {
    const whole = [1, 2, 3].map((epoch) => epochOf(batches(), epoch));
    const one = batches();
    for (const [epoch, step] of [
      [3, 1],
      [1, 2],
      [2, 0],
      [3, 0],
    ] as const) {
      expect(one.indices(epoch, step)).toEqual(whole[epoch - 1]![step]);
      expect(batches().indices(epoch, step)).toEqual(whole[epoch - 1]![step]);
    }
  });

  test("epochs, seeds and purposes have orders of their own", () => {
    const orders = [
      epochOf(batches(), 1),
      epochOf(batches(), 2),
      epochOf(batches(2), 1),
      epochOf(batches(1, { purpose: "x" }), 1),
    ];
    expect(new Set(orders.map((order) => order.flat().join())).size).toBe(4);
  });

  test("refused: a batch larger than the set, batches of nothing, a step that is not there", () => {
    const refusal = (message: string) => expect.objectContaining({ name: "UserError", message });
    expect(() => batches(1, { batchSize: 11 })).toThrow(
      refusal("batch size 11: larger than the set, which has 10 items; at most that many"),
    );
    for (const batchSize of [0, -1, 1.5, Number.NaN])
      expect(() => batches(1, { batchSize })).toThrow(refusal(`batch size ${batchSize}: must be a positive integer`));
    expect(() => batches(1, { count: 0 })).toThrow("larger than the set, which has 0 items");
    expect(() => batches().indices(1, 3)).toThrow("step 3: an epoch has the steps 0 to 2");
  });
});
