import { expect, it } from "vitest";
import { normalCdf, normalQuantile } from "../../src/evaluation/normal.js";

// scipy.stats.norm.cdf([-8, -3.2, -3, -0.5, 0, 1.96, 2.9, 5])
it("gives SciPy's probabilities, small tails with all their digits", () => {
  const expected = [
    6.22096057427174e-16, 0.0006871379379158471, 0.0013498980316300933, 0.3085375387259869, 0.5, 0.9750021048517795,
    0.998134186699616, 0.9999997133484281,
  ];
  [-8, -3.2, -3, -0.5, 0, 1.96, 2.9, 5].forEach((x, i) => {
    expect(Math.abs(normalCdf(x) / expected[i]! - 1)).toBeLessThan(1e-12);
  });
});

// scipy.stats.norm.ppf([1e-6, 0.025, 0.2, 0.5, 0.8, 0.975])
it("gives SciPy's quantiles", () => {
  const expected = [
    -4.753424308822899, -1.9599639845400545, -0.8416212335729142, 0, 0.8416212335729143, 1.959963984540054,
  ];
  [1e-6, 0.025, 0.2, 0.5, 0.8, 0.975].forEach((share, i) => {
    expect(normalQuantile(share)).toBeCloseTo(expected[i]!, 12);
  });
});

it("refuses shares that have no quantile", () => {
  for (const share of [0, 1, -0.1, Number.NaN]) expect(() => normalQuantile(share)).toThrow(RangeError);
});
