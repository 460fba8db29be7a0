import { expect, it } from "vitest";
import { labelAgreement } from "../../src/explain/labelAgreement.js";
import { nearest, squaredDistances } from "../../src/explain/neighbours.js";
import { trustworthiness } from "../../src/explain/trustworthiness.js";

const twelve = Array.from({ length: 12 }, (_, i) => i);
const before = {
  values: Float32Array.from(twelve.flatMap((i) => [Math.sin(i * i), Math.cos(3 * i), ((i * 7) % 5) / 5])),
  size: 3,
};
const after = { values: Float32Array.from(twelve.flatMap((i) => [Math.sin(2 * i), Math.cos(i)])), size: 2 };

/*
scikit-learn 1.9.1:
  i = np.arange(12)
  X = np.stack([np.sin(i * i), np.cos(3 * i), (i * 7 % 5) / 5], 1).astype(np.float32)
  Y = np.stack([np.sin(2 * i), np.cos(i)], 1).astype(np.float32)
  [trustworthiness(X.astype(float), Y.astype(float), n_neighbors=k) for k in (1, 3, 5)]
*/
it.each([
  [1, 0.625],
  [3, 0.43253968253968256],
  [5, 0.3916666666666667],
])("of %i neighbours is scikit-learn's", async (k, expected) => {
  const value = trustworthiness(await squaredDistances(before), await squaredDistances(after), k);
  expect(value).toBeCloseTo(expected, 12);
});

it("of a plane that is the space itself is 1, and not defined for half of the points", async () => {
  const own = await squaredDistances(before);
  expect(trustworthiness(own, own, 5)).toBe(1);
  expect(() => trustworthiness(own, own, 6)).toThrow(RangeError);
});

it("neighbours are those that sorting all of them finds", async () => {
  const distances = await squaredDistances(before);
  const sorted = twelve.flatMap((i) =>
    twelve
      .filter((j) => j !== i)
      .sort((a, b) => distances[i * 12 + a]! - distances[i * 12 + b]! || a - b)
      .slice(0, 4),
  );
  expect([...nearest(distances, 4)]).toEqual(sorted);
  expect(() => nearest(distances, 12)).toThrow("k must be a whole number from 1 to 11");
});

it("agreement of labels: counted by hand, and 1 by chance alone where there is one class", async () => {
  // On a line at 0, 1, 2, 10, 11: the nearest neighbours are 1, 0 (of 0 and 2), 1, 11, 10.
  const line = await squaredDistances({ values: Float32Array.of(0, 1, 2, 10, 11), size: 1 });
  const { agreement, chance } = labelAgreement(line, [0, 0, 1, 1, 1], 1);
  expect(agreement).toBeCloseTo(4 / 5, 12);
  // Of 20 ordered pairs 2 are of class 0 and 6 of class 1.
  expect(chance).toBeCloseTo(8 / 20, 12);
  expect(labelAgreement(line, [1, 1, 1, 1, 1], 2)).toEqual({ agreement: 1, chance: 1 });
});
