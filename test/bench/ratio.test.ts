import { describe, expect, it } from "vitest";
import { median, medianRatio } from "../../src/bench/ratio.js";

const one = (count: number) => Array.from({ length: count }, () => 1);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe("medianRatio", () => {
  // from scipy.stats import binom
  // for n in (5, 8, 20, 21, 30, 100):  # the largest k with P(Bin(n, 1/2) <= k - 1) <= 0.05
  //     print(n, max(k for k in range(1, n) if binom.cdf(k - 1, n, 0.5) <= 0.05))
  // 5 1, 8 2, 20 6, 21 7, 30 11, 100 42
  it.each([
    [5, 1],
    [8, 2],
    [20, 6],
    [21, 7],
    [30, 11],
    [100, 42],
  ])("of %i rounds leaves out %i - 1 on either side", (rounds, depth) => {
    const { low, high } = medianRatio(upTo(rounds), one(rounds));
    expect([low, high]).toEqual([depth, rounds - depth + 1]);
  });

  it("is the median of the pairs, not the ratio of the medians", () => {
    expect(medianRatio([2, 4, 6, 8, 100], [1, 2, 3, 4, 10]).ratio).toBe(2);
    expect(medianRatio([1, 2, 3, 4, 5, 6], one(6)).ratio).toBe(3.5);
    expect(median([3, 1, 2])).toBe(2);
  });

  it("refuses what has no ratio", () => {
    expect(() => medianRatio([1, 2], [1])).toThrow("2 rounds against 1");
    expect(() => medianRatio([1], [1])).toThrow("too few");
    expect(() => medianRatio(one(5), [1, 1, 0, 1, 1])).toThrow("positive");
  });
});
