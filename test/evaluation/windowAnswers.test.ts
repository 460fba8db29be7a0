import { expect, test } from "vitest";
import { assessSet } from "../../src/evaluation/setAssessment.js";
import { windowAnswers } from "../../src/evaluation/windowAnswers.js";

// Item 0: one window. Item 1: three, of which two say class 2. Item 2: two that differ, so the lower class.
const LOGITS = Float32Array.of(
  ...[0, 1, 0],
  ...[0, 0, 2],
  ...[9, 0, 0],
  ...[0, 0, 0.1],
  ...[0, 0, 5],
  ...[0, 1, 0], // biome-ignore format: a window a line
);

test("the decision is that of most windows, the lowest among equals; probabilities are means", () => {
  const { logits, decisions } = windowAnswers(LOGITS, [1, 3, 2], 3);
  expect([...decisions]).toEqual([1, 2, 1]);
  const share = (values: number[], c: number) => Math.exp(values[c]!) / values.reduce((sum, v) => sum + Math.exp(v), 0);
  const mean = (share([0, 0, 2], 0) + share([9, 0, 0], 0) + share([0, 0, 0.1], 0)) / 3;
  expect(Math.exp(logits[3]!)).toBeCloseTo(mean, 6);
  for (let item = 0; item < 3; item++)
    expect([0, 1, 2].reduce((sum, c) => sum + Math.exp(logits[3 * item + c]!), 0)).toBeCloseTo(1, 6);
  // The mean of item 1 would be class 0: the vote is what counts.
  const examples = [1, 2, 2].map((label, i) => ({ label, patient: `${i}` }));
  const labels = ["a", "b", "c"];
  expect(assessSet({ examples, logits, decisions, labels }).confusion.counts).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [0, 1, 1],
  ]);
  expect(assessSet({ examples, logits, labels }).confusion.counts[2]).toEqual([1, 0, 1]);
});

test("impossible windows are refused; logits that differ by hundreds stay finite", () => {
  expect(() => windowAnswers(LOGITS, [1, 0, 5], 3)).toThrow("item 1 has 0 windows");
  expect(() => windowAnswers(LOGITS, [1, 2], 3)).toThrow("3 windows of 3 classes need 9 logits, got 18");
  const { logits } = windowAnswers(Float32Array.of(0, 2000, 0, 2000), [2], 2);
  expect([...logits].every(Number.isFinite)).toBe(true);
});
