import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WorkMeter } from "../../src/training/workMeter.js";

describe("work meter", () => {
  let meter: WorkMeter;
  const pass = (seconds: number) => vi.advanceTimersByTime(1000 * seconds);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
    meter = new WorkMeter();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("cannot tell before anything was done", () => {
    meter.plan("train", 10, 5);
    expect(meter.estimate()).toEqual({ fraction: 0 });
  });

  test("one kind: 2 s a unit, 3 of 10 done, 14 s left", () => {
    meter.plan("train", 10, 5);
    for (let i = 0; i < 3; i++) {
      pass(2);
      meter.advance("train", 1);
    }
    const { fraction, secondsLeft } = meter.estimate();
    expect(fraction).toBeCloseTo(0.3, 12);
    expect(secondsLeft).toBeCloseTo(14, 12);
  });

  test("a kind not seen yet costs its guess beside the one that was", () => {
    meter.plan("train", 10, 5);
    meter.plan("evaluate", 100, 1);
    pass(10);
    meter.advance("train", 2);
    // 5 s a step, so 1 s an item: 8 x 5 + 100 x 1 left of 150.
    const { fraction, secondsLeft } = meter.estimate();
    expect(secondsLeft).toBeCloseTo(140, 10);
    expect(fraction).toBeCloseTo(10 / 150, 10);
  });

  test("each kind by its own time once it was seen", () => {
    meter.plan("train", 10, 5);
    meter.plan("evaluate", 100, 1);
    pass(10);
    meter.advance("train", 2);
    pass(4);
    meter.advance("evaluate", 40);
    // 8 x 5 + 60 x 0.1 left of 60.
    expect(meter.estimate().secondsLeft).toBeCloseTo(46, 10);
    expect(meter.estimate().fraction).toBeCloseTo(14 / 60, 10);
  });

  test("what an earlier sitting did counts as done, but not as speed", () => {
    meter.plan("train", 10, 1, 6);
    expect(meter.estimate()).toEqual({ fraction: 0 });
    pass(3);
    meter.advance("train", 1);
    expect(meter.estimate().secondsLeft).toBeCloseTo(9, 10);
    expect(meter.estimate().fraction).toBeCloseTo(0.7, 10);
  });

  test("ends at 1 with nothing left, and more units than planned do not overshoot", () => {
    meter.plan("train", 2, 1);
    pass(1);
    meter.advance("train", 5);
    expect(meter.estimate()).toEqual({ fraction: 1, secondsLeft: 0 });
  });

  test("refuses a kind that was not planned", () => {
    expect(() => meter.advance("test", 1)).toThrow("no work of kind test was planned");
  });
});
