import { expect, test } from "vitest";
import { calibrationOf } from "../../src/evaluation/calibration.js";
import { calibrated } from "../../src/evaluation/runCalibration.js";
import { fitTemperature } from "../../src/evaluation/temperature.js";
import { madeUpLogits } from "./madeUpLogits.js";

test("every set before and after the select role's temperature, with bins of equal width that are small as JSON", () => {
  const { logits, truths, classes } = madeUpLogits();
  const request = {
    examples: truths.map((label, i) => ({ label, patient: `${i % 5}` })),
    logits: Float32Array.from(logits),
    labels: ["a", "b", "c"],
  };
  const half = { ...request, examples: request.examples.slice(0, 30), logits: request.logits.slice(0, 90) };
  const { temperature, select, tests } = calibrated(request, { test: request, half });
  expect(temperature).toBe(fitTemperature(request.logits, truths, classes));
  expect(tests.test).toEqual(select);
  expect(tests.half!.after.loss).toBe(calibrationOf(half.logits, truths.slice(0, 30), classes, temperature).loss);
  for (const [kept, at] of [
    [select.before, 1],
    [select.after, temperature],
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
