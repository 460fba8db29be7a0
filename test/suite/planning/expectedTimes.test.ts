import { describe, expect, test } from "vitest";
import { expectedTimes } from "../../../src/suite/planning/expectedTimes.js";

const never = Number.POSITIVE_INFINITY;
const MODEL = { slotsPerNode: 2, hoursBetweenLosses: never, repairSeconds: 0, noticeSeconds: 0, startUpSeconds: 0 };
/** 20 runs of 100 s, each with 50 points and 200 MB: half a point and 2 MB a second. */
const RUNS = Array.from({ length: 20 }, () => ({ seconds: 100, points: 50, bytes: 200e6 }));

describe("what nodes share", () => {
  test("is loaded by all slots at work, no more than there are runs, and the limit is reached where it says", () => {
    const limits = { pointsPerSecond: 6, megabytesPerSecond: 40 };
    const { times, limitAt, programmes } = expectedTimes(RUNS, MODEL, [1, 6, 64], limits);
    expect(programmes).toBe(1);
    expect(times.map(({ pointsPerSecond }) => pointsPerSecond)).toEqual([1, 6, 10]);
    expect(times.map(({ megabytesPerSecond }) => megabytesPerSecond)).toEqual([4, 24, 40]);
    // Six nodes give 6 points a second; ten would give 40 MB.
    expect(limitAt).toEqual({ tracking: 6, folder: 10 });
  });

  test("a slow tracking server has the points later and keeps no run waiting", () => {
    const { times } = expectedTimes(RUNS, MODEL, [10], { pointsPerSecond: 4, megabytesPerSecond: 1 });
    expect(times[0]!.seconds).toEqual({ mean: 100, low: 100, high: 100 });
    expect(times[0]!.trackedSeconds).toBe((20 * 50) / 4);
  });
});

test("of runs without checkpoints the expected share is lost: 1 - x / (e^x - 1), x the runs' length in times between losses", () => {
  // Of a run of W: busy (e^(lambda W) - 1) / lambda in all (see simulatePlacement.test.ts), W of it for good.
  const works = Array.from({ length: 50 }, () => ({ seconds: 3600, points: 0, bytes: 0 }));
  const limits = { pointsPerSecond: 1, megabytesPerSecond: 1 };
  const model = { ...MODEL, slotsPerNode: 1, hoursBetweenLosses: 2, repairSeconds: 600 };
  const [one] = expectedTimes(works, model, [1], limits).times;
  // 10,000 runs lose 1071 s each with a deviation of 1900 s (a geometric number of truncated exponential times): the share of 0.229 has a
  // standard error of 0.0031, and four are allowed.
  expect(Math.abs(one!.lostShare - (1 - 0.5 / (Math.exp(0.5) - 1)))).toBeLessThan(4 * 0.0031);
  expect(one!.seconds.low).toBeLessThan(one!.seconds.mean);
  expect(one!.seconds.high).toBeGreaterThan(one!.seconds.mean);
  expect(one!.losses).toBeGreaterThan(20);
});
