import { expect, it } from "vitest";
import { leakSuspicion, mayRank } from "../../src/evaluation/sanityRules.js";

it("ranks from ten epochs on", () => {
  expect([1, 9, 10, 100].map(mayRank)).toEqual([false, false, true, true]);
});

it("suspects a leak above 60 from scratch on the clean official split with four classes, and nowhere else", () => {
  const suspect = { task: "4-class", split: "official", score: 0.614, pretrained: false };
  expect(leakSuspicion(suspect)).toBe(
    "Score 61.4 from scratch on ICBHI's official split is above 60, where 52 to 56 are usual: a reason to look for test data in training.",
  );
  // 0.1 * 6 is 0.6000000000000001 in binary: exactly 60 is not above 60.
  for (const score of [0.6, 0.1 * 6, 0.55, Number.NaN]) expect(leakSuspicion({ ...suspect, score })).toBeUndefined();
  expect(leakSuspicion({ ...suspect, task: "2-class" })).toBeUndefined();
  expect(leakSuspicion({ ...suspect, split: "official-patient-leak" })).toBeUndefined();
  expect(leakSuspicion({ ...suspect, pretrained: true })).toBeUndefined();
});
