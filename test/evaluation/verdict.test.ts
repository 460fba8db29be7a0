import { expect, it } from "vitest";
import { verdict } from "../../src/evaluation/verdict.js";

const judge = (mean: number, low: number, high: number, printed = 0.7) =>
  verdict({ printed, ours: { mean, low, high }, reasons: [] }).verdict;

it("gives the word of each case, borders included", () => {
  expect(judge(0.72, 0.69, 0.75)).toBe("reproduced");
  expect(judge(0.68, 0.65, 0.71)).toBe("reproduced");
  expect(judge(0.72, 0.689, 0.751)).toBe("compatible");
  expect(judge(0.78, 0.721, 0.84)).toBe("above");
  expect(judge(0.78, 0.72, 0.84)).toBe("cannot tell");
  expect(judge(0.6, 0.5, 0.679)).toBe("below");
  expect(judge(0.6, 0.5, 0.68)).toBe("cannot tell");
});

it("never compares where there is a reason not to", () => {
  const ours = { mean: 0.7, low: 0.69, high: 0.71 };
  expect(verdict({ printed: 0.7, ours, reasons: ["other test set", "reduced budget"] })).toEqual({
    verdict: "not comparable",
    why: "other test set, reduced budget",
  });
});

it("says when a side is missing or undefined", () => {
  expect(verdict({ printed: 0.7, ours: null, reasons: [] }).verdict).toBe("not run");
  expect(verdict({ printed: null, ours: { mean: 0.7, low: 0.6, high: 0.8 }, reasons: [] }).verdict).toBe("not printed");
  expect(judge(Number.NaN, 0, 0)).toBe("cannot tell");
  expect(verdict({ printed: 0.7, ours: { mean: 0.7, low: null, high: null }, reasons: [] })).toEqual({
    verdict: "cannot tell",
    why: "no interval around our number",
  });
});
