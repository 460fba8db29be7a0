import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { QuotaBatches } from "../../src/training/quotaBatches.js";

const classes = ["Normal", "Crackle", "Wheeze"];
/** 20 normal, 5 crackle, 3 wheeze. */
const labels = [...Array<number>(20).fill(0), ...Array<number>(5).fill(1), ...Array<number>(3).fill(2)];
const made = (options = {}, seed = 1) =>
  new QuotaBatches({ labels, classes, quota: [4, 2, 2], ...options }, new Streams(seed));
const epochOf = (from: QuotaBatches, epoch: number) =>
  Array.from({ length: from.stepsPerEpoch }, (_, step) => from.indices(epoch, step));

describe("batches with a quota for each class", () => {
  test("hold exactly the quota, and an epoch has as many as show every item", () => {
    const batches = made();
    expect(batches.stepsPerEpoch).toBe(5);
    const found = epochOf(batches, 1);
    for (const batch of found) expect(batch.map((item) => labels[item])).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
    expect(new Set(found.flat()).size).toBe(28);
    expect(made({ quota: [4, 1, 1] }).stepsPerEpoch).toBe(5);
    expect(made({ quota: [8, 1, 0] }).stepsPerEpoch).toBe(5);
    expect(made({ stepsPerEpoch: 12 }).stepsPerEpoch).toBe(12);
  });

  test("no item comes twice before each of its class came once", () => {
    for (const epoch of [1, 2]) {
      const items = epochOf(made({ stepsPerEpoch: 9 }), epoch).flat();
      for (const [label, size] of [
        [0, 20],
        [1, 5],
        [2, 3],
      ] as const) {
        const own = items.filter((item) => labels[item] === label);
        for (let from = 0; from + size <= own.length; from += size)
          expect(new Set(own.slice(from, from + size)).size).toBe(size);
      }
    }
  });

  test("any batch can be made alone, in any order; epochs, seeds and purposes have orders of their own", () => {
    const whole = [1, 2].map((epoch) => epochOf(made(), epoch));
    const one = made();
    for (const [epoch, step] of [
      [2, 4],
      [1, 0],
      [2, 0],
      [1, 3],
    ] as const)
      expect(one.indices(epoch, step)).toEqual(whole[epoch - 1]![step]);
    const orders = [whole[0], whole[1], epochOf(made({}, 2), 1), epochOf(made({ purpose: "x" }), 1)];
    expect(new Set(orders.map((order) => String(order))).size).toBe(4);
  });

  test("a class left out needs no item", () => {
    const batches = new QuotaBatches({ labels: [0, 0, 2], classes, quota: [1, 0, 1] }, new Streams(1));
    expect(epochOf(batches, 1).map(([, wheeze]) => wheeze)).toEqual([2, 2]);
  });

  test("refused", () => {
    const refusal = (message: string) => expect.objectContaining({ name: "UserError", message });
    expect(() => made({ quota: [1, 1] })).toThrow(
      refusal("quota: 2 numbers for the 3 classes Normal, Crackle, Wheeze"),
    );
    expect(() => made({ quota: [1, -1, 1] })).toThrow(refusal("quota of Crackle: -1 must be an integer from 0"));
    expect(() => made({ quota: [0, 0, 0] })).toThrow(refusal("quota: one class at least must have a quota above 0"));
    expect(() => made({ labels: [0, 1] })).toThrow(refusal("quota: no item of class Wheeze, which has one"));
    expect(() => made({ labels: [0, 3] })).toThrow(refusal("item 1 has label 3, which is none of the 3 classes"));
    expect(() => made({ stepsPerEpoch: 0 })).toThrow(refusal("steps per epoch 0: must be a positive integer"));
    expect(() => made().indices(1, 5)).toThrow("step 5: an epoch has the steps 0 to 4");
  });
});
