import { expect, it } from "vitest";
import { quantile } from "../../src/evaluation/quantile.js";

it("takes quantiles as NumPy does", () => {
  // np.quantile([1, 2, 4, 8], [0.025, 0.5, 0.9])
  expect([0.025, 0.5, 0.9].map((share) => quantile([1, 2, 4, 8], share))).toEqual([
    expect.closeTo(1.075, 12),
    3,
    expect.closeTo(6.8, 12),
  ]);
  expect(quantile([], 0.5)).toBeNaN();
});
