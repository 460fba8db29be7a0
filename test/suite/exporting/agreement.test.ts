import { expect, test } from "vitest";
import { scoreOf } from "../../../src/suite/exporting/agreement.js";
import { greatestDifference } from "../../../src/suite/exporting/greatestDifference.js";

test("the greatest difference, of the shorter list, and NaN where anything is", () => {
  expect(greatestDifference([1, 2, 3], [1, 2.5, 2])).toBe(1);
  expect(greatestDifference([1, 2], [1, 2, 100])).toBe(0);
  expect(greatestDifference([], [1])).toBe(0);
  expect(greatestDifference([1, Number.NaN, 9], [1, 2, 0])).toBeNaN();
  expect(greatestDifference([1, Infinity], [1, 2])).toBe(Infinity);
});

test("Scores by each challenge's rule", () => {
  const four = ["Normal", "Crackle", "Wheeze", "Both"];
  // Normal 1 of 2 right; abnormal 1 of 3 its exact class: (1/2 + 1/3) / 2.
  expect(scoreOf("icbhi/4-class", four, [0, 0, 1, 2, 3], [0, 1, 1, 1, 2])).toBeCloseTo(5 / 12, 12);
  // SE 1 of 2, SP 1 of 2, Poor Quality counts in neither: AS = HS = 1/2.
  const three = ["Normal", "Poor Quality", "Adventitious"];
  const truths = [0, 0, 1, 2, 2];
  const decisions = [0, 2, 0, 2, 0];
  expect(scoreOf("sprsound/21", three, truths, decisions)).toBeCloseTo(0.5, 12);
  expect(scoreOf("sprsound/21-windows", three, truths, decisions)).toBeCloseTo(0.5, 12);
});
