import { expect, test } from "vitest";
import { calibrationOf } from "../../src/evaluation/calibration.js";
import { calibrated } from "../../src/evaluation/runCalibration.js";
import { madeUpLogits } from "./madeUpLogits.js";

test("every set before and after the temperature, with bins of equal width that are small as JSON", () => {
  const { logits, truths, classes } = madeUpLogits();
  const request = {
    examples: truths.map((label, i) => ({ label, patient: `${i % 5}` })),
    logits: Float32Array.from(logits),
    labels: ["a", "b", "c"],
  };
  const { temperature, select, tests } = calibrated(2.5, request, { test: request });
  expect(temperature).toBe(2.5);
  expect(tests).toEqual({ test: select });
  for (const [kept, at] of [
    [select.before, 1],
    [select.after, 2.5],
  ] as const) {
    // biome-ignore format: one line
    const { equalWidth, equalCounts, ...numbers } = calibrationOf(request.logits, truths, classes, at);
    expect(kept).toMatchObject(numbers);
    expect(kept.bins.counts).toEqual(equalWidth.counts);
    expect(kept.bins.right).toEqual(equalWidth.right);
    kept.bins.confidence.forEach((value, b) => {
      if (value === null) expect(equalWidth.confidence[b]).toBeNull();
      else expect(value).toBeCloseTo(equalWidth.confidence[b]!, 4);
    });
  }
  expect(JSON.stringify(select).length).toBeLessThan(1200);
});
