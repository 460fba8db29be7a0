import { describe, expect, it } from "vitest";
import { EpochClock, epochSeconds, medianParts, wholeEpoch } from "../../../src/bench/stages/epochParts.js";

const parts = { step: 2, start: 1, evaluation: 10, checkpoint: 3 };

describe("an epoch from a smaller one", () => {
  it("is its steps, its evaluation in proportion, and what comes once", () => {
    const size = { steps: 100, selectItems: 50, evaluated: 20 };
    expect(wholeEpoch(parts, size)).toEqual({ ...parts, evaluation: 25 });
    expect(epochSeconds(parts, size)).toBe(200 + 1 + 25 + 3);
  });

  it("has the median of each part", () => {
    const rounds = [1, 9, 4].map((step) => ({ ...parts, step, start: -step }));
    expect(medianParts(rounds)).toEqual({ ...parts, step: 4, start: -4 });
  });
});

describe("EpochClock", () => {
  it("tells evaluation, beginning and steps apart", () => {
    const clock = new EpochClock(3);
    // The first epoch of a run has nothing before its steps.
    expect([1, 2, 3].map((now) => clock.onStep(now)).map((told) => told !== undefined)).toEqual([false, false, true]);
    clock.begin(100);
    clock.onItems(104);
    clock.onItems(107);
    // 107 to 112: a checkpoint of 3 and a step of 2.
    expect(clock.onStep(112)).toBeUndefined();
    expect(clock.onStep(114)).toBeUndefined();
    expect(clock.onStep(116)).toEqual({ step: 2, start: 3, evaluation: 7, checkpoint: 0 });
  });
});
