import { expect, it } from "vitest";
import { lastTenth, median } from "../../src/evaluation/median.js";

it("median of odd, even and empty lists (Python's statistics.median)", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(median([1, Number.NaN])).toBeNaN();
});

it("the last tenth is rounded up, and is at least one epoch", () => {
  expect(lastTenth([0.5])).toEqual({ median: 0.5, mean: 0.5, low: 0.5, high: 0.5, epochs: 1 });
  const twentyFive = Array.from({ length: 25 }, (_, i) => i);
  expect(lastTenth(twentyFive)).toEqual({ median: 23, mean: 23, deviation: 1, low: 22, high: 24, epochs: 3 });
  expect(lastTenth([9, 9, 9, 9, 9, 9, 9, 9, 9, 2]).epochs).toBe(1);
  expect(() => lastTenth([])).toThrow("no epochs");
});
