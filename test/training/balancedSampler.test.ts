import { describe, expect, test } from "vitest";
import { Streams } from "../../src/random/streams.js";
import { drawBalanced } from "../../src/training/balancedSampler.js";

const rng = (index = 0) => new Streams(5).stream("test", index);

/** Sum of (observed - expected)^2 / expected. */
function chiSquare(observed: number[], expected: number): number {
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("balanced draws", () => {
  // Classes of 1, 9 and 90 items; labels that are neither dense nor in order.
  const labels = [...Array<number>(90).fill(7), ...Array<number>(9).fill(2), 4];
  const draws = drawBalanced(labels, 30_000, rng());

  test("every class has the same share: chi-square with 2 degrees below its 99.9 % point", () => {
    const counts = [2, 4, 7].map((label) => draws.reduce((sum, item) => sum + Number(labels[item] === label), 0));
    expect(chiSquare(counts, 10_000)).toBeLessThan(13.816);
  });

  test("every item of a class has the same share: chi-square with 89 degrees below its 99.9 % point", () => {
    const counts = Array<number>(90).fill(0);
    let all = 0;
    for (const item of draws) {
      if (item >= 90) continue;
      counts[item]!++;
      all++;
    }
    expect(chiSquare(counts, all / 90)).toBeLessThan(135.978);
  });

  test("is a function of the stream, and another stream draws otherwise", () => {
    expect(drawBalanced(labels, 50, rng())).toEqual(draws.slice(0, 50));
    expect(drawBalanced(labels, 50, rng(1))).not.toEqual(draws.slice(0, 50));
  });

  test("does not depend on which class comes first: the mirrored list gives the mirrored classes", () => {
    const mirrored = drawBalanced([...labels].reverse(), 200, rng());
    const classes = [...mirrored].map((item) => [...labels].reverse()[item]);
    expect(classes).toEqual([...draws.slice(0, 200)].map((item) => labels[item]));
  });

  test("one class, no draws, no items", () => {
    expect([...drawBalanced([3], 4, rng())]).toEqual([0, 0, 0, 0]);
    expect(drawBalanced([0, 1], 0, rng())).toHaveLength(0);
    expect(() => drawBalanced([], 1, rng())).toThrow("there are no items to draw from");
  });

  test("a class that must be there and is not is told by name", () => {
    const names = ["Normal", "Crackle", "Wheeze"];
    expect(drawBalanced([2, 0, 1], 5, rng(), names)).toEqual(drawBalanced([2, 0, 1], 5, rng()));
    expect(() => drawBalanced([0, 2, 2], 5, rng(), names)).toThrow(
      expect.objectContaining({
        name: "UserError",
        message: "balanced draws: no item of class Crackle; each of Normal, Crackle, Wheeze needs one",
      }),
    );
  });
});
