import { expect, test } from "vitest";
import { lastTenth } from "../../src/evaluation/median.js";
import { bestEpochOf, optimism, protocolGap } from "../../src/evaluation/optimism.js";

test("optimism is the best epoch minus the mean of the last tenth", () => {
  // Twenty epochs, of which the last two are 0.5 and 0.6; the best is epoch 3.
  const perEpoch = [0.3, Number.NaN, 0.72, ...Array.from({ length: 15 }, () => 0.4), 0.5, 0.6];
  const last = lastTenth(perEpoch);
  expect(last).toMatchObject({ epochs: 2, median: expect.closeTo(0.55, 12) });
  expect(bestEpochOf(perEpoch)).toBe(0.72);
  expect(optimism(bestEpochOf(perEpoch), last)).toBeCloseTo(0.72 - 0.55, 12);
  expect(optimism(0.5, lastTenth([0.5]))).toBe(0);
});

test("what was not measured has neither", () => {
  expect(bestEpochOf([])).toBeUndefined();
  expect(bestEpochOf([Number.NaN])).toBeUndefined();
  expect(optimism(undefined, { mean: 0.5 })).toBeUndefined();
  expect(optimism(0.5, { mean: Number.NaN })).toBeUndefined();
  for (const none of [null, undefined, Number.NaN]) {
    expect(protocolGap(none, 0.5)).toBeUndefined();
    expect(protocolGap(0.5, none)).toBeUndefined();
  }
});

test("the protocol gap is published minus honest", () => {
  expect(protocolGap(0.62, 0.5)).toBeCloseTo(0.12, 12);
  expect(protocolGap(0.5, 0.62)).toBeCloseTo(-0.12, 12);
});
