import { expect, test } from "vitest";
import { requireTrainable } from "../../src/training/requireTrainable.js";

test("a training set with every class and a batch passes", () => {
  expect(() => requireTrainable({ Normal: 20, Crackle: 12 }, 32)).not.toThrow();
});

test.each<[Record<string, number>, number, string]>([
  [
    { Normal: 20, Crackle: 0, Wheeze: 3 },
    4,
    "training set: no item of class Crackle; each of Normal, Crackle, Wheeze needs one.",
  ],
  [{ Normal: 0, Crackle: 0 }, 4, "no item of class Normal, Crackle;"],
  [{ Normal: 20, Crackle: 11 }, 32, "batch size 32: larger than the training set, which has 31 items"],
])("%j with batches of %i is refused", (counts, batchSize, words) => {
  expect(() => requireTrainable(counts, batchSize)).toThrow(words);
});
