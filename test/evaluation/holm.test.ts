import fc from "fast-check";
import { expect, it } from "vitest";
import { holm } from "../../src/evaluation/holm.js";

// statsmodels.stats.multitest.multipletests([.01, .04, .03, .005, .6, .04], method="holm")[1]
it("gives statsmodels' adjusted values", () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.6, 0.04]);
  [0.05, 0.12, 0.12, 0.03, 0.6, 0.12].forEach((p, i) => {
    expect(adjusted[i]).toBeCloseTo(p, 12);
  });
});

it("leaves out comparisons that could not be made", () => {
  expect(holm([0.02, Number.NaN, 0.03])).toEqual([0.04, Number.NaN, 0.04]);
  expect(holm([])).toEqual([]);
  expect(() => holm([1.2])).toThrow("between 0 and 1");
});

it("never lowers a value, never changes their order, and goes along with them when they are shuffled", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (values) => {
      const adjusted = holm(values);
      values.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        values.forEach((q, j) => {
          if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        });
      });
      expect(holm([...values].reverse())).toEqual([...adjusted].reverse());
    }),
  );
});
