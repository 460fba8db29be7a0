import fc from "fast-check";
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

/** The rule in whole thousandths, where no rounding can be: tolerance 20, widest half-width 30 (60 from end to end). */
function byIntegers(printed: number, mean: number, low: number, high: number): string {
  if (Math.abs(mean - printed) <= 20) return high - low <= 60 ? "reproduced" : "compatible";
  if (low - printed > 20) return "above";
  return printed - high > 20 ? "below" : "cannot tell";
}

it("judges as whole numbers do, although thousandths are not exact in binary", () => {
  const edge = fc.constantFrom(-31, -30, -29, -21, -20, -19, 0, 19, 20, 21, 29, 30, 31, 100);
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 900 }), edge, edge, edge, (printed, distance, below, above) => {
      const mean = printed + distance;
      const [low, high] = [mean - Math.abs(below), mean + Math.abs(above)];
      expect(judge(mean / 1000, low / 1000, high / 1000, printed / 1000)).toBe(byIntegers(printed, mean, low, high));
    }),
    { numRuns: 2000 },
  );
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
