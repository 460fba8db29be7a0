import { expect, test } from "vitest";
import { runtimeBonus } from "../../src/evaluation/runtimeBonus.js";

test("the bonus is the logarithm of how much faster; its normalised form has no base", () => {
  expect(runtimeBonus(10, 10 * Math.E ** 2)).toBeCloseTo(2, 12);
  // With logarithms to the base 10: (log 600 - log 60) / (log 600 - log 6) = 1 / 2.
  expect(runtimeBonus(60, 600) / runtimeBonus(6, 600)).toBeCloseTo(0.5, 12);
});

test("the slowest has none", () => {
  expect(runtimeBonus(600, 600)).toBe(0);
  expect(runtimeBonus(601, 600)).toBe(0);
  expect(() => runtimeBonus(0, 600)).toThrow(RangeError);
});
