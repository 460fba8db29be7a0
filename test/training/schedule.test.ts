import { describe, expect, test } from "vitest";
import {
  afterWarmUp,
  byEpoch,
  byStep,
  constant,
  cosine,
  multiStep,
  requireUsable,
  type Schedule,
} from "../../src/training/schedule.js";
import * as torch from "./schedule.torch.js";

const STEPS = 200;
const over = (schedule: Schedule) => Array.from({ length: STEPS }, (_, time) => schedule(time));
const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
/** A list given as [value, how often] pairs. */
const runs = (...pairs: [number, number][]) => pairs.flatMap(([value, count]) => Array<number>(count).fill(value));

describe("schedules have PyTorch's values over 200 steps", () => {
  test("constant", () => {
    expect(over(constant(0.003))).toEqual(Array(STEPS).fill(0.003));
  });

  /*
   * `run` as in schedule.torch.ts, and [(value, len(list(group))) for value, group in itertools.groupby(...)] of
   * run(0.01, lambda o: MultiStepLR(o, [30, 80, 150], 0.33))
   */
  test("multi-step, to the last bit", () => {
    const wanted = runs(
      [0.01, 30],
      [0.0033000000000000004, 50],
      [0.0010890000000000001, 70],
      [0.0003593700000000001, 50],
    );
    expect(over(multiStep(0.01, { milestones: [30, 80, 150], factor: 0.33 }))).toEqual(wanted);
    expect(over(multiStep(0.01, { milestones: [], factor: 0.33 }))).toEqual(over(constant(0.01)));
  });

  // PyTorch goes from step to step, each with up to four roundings: 200 * 4 * 2^-53 of the first rate.
  const tolerance = STEPS * 4 * 2 ** -53;

  test("cosine with a floor, down and up again", () => {
    const ours = over(cosine(1e-3, { period: 120, floor: 1e-6 }));
    expect(largestDifference(ours, torch.cosine)).toBeLessThan(tolerance * 1e-3);
    expect(ours[120]).toBe(1e-6);
  });

  test("warm-up, then cosine", () => {
    const ours = over(afterWarmUp(cosine(0.1, { period: 180 }), { duration: 20, startFactor: 0.01 }));
    expect(largestDifference(ours, torch.warmUpCosine)).toBeLessThan(tolerance * 0.1);
  });

  // SequentialLR(o, [LinearLR(o, 0.25, total_iters=5), MultiStepLR(o, [30, 80], 0.1)], [5]), likewise.
  test("warm-up, then multi-step, whose milestones count from its own beginning", () => {
    const line = [0.025, 0.04000000000000001, 0.05500000000000001, 0.07, 0.085];
    const wanted = [...line, ...runs([0.1, 30], [0.010000000000000002, 50], [0.0010000000000000002, 115])];
    const ours = over(
      afterWarmUp(multiStep(0.1, { milestones: [30, 80], factor: 0.1 }), { duration: 5, startFactor: 0.25 }),
    );
    expect(largestDifference(ours, wanted)).toBeLessThan(tolerance * 0.1);
    expect(ours.slice(5)).toEqual(wanted.slice(5));
  });
});

test("time is counted in epochs or in steps of the whole run", () => {
  const schedule: Schedule = (time) => 1 + time;
  expect([byEpoch(schedule)(1, 7), byEpoch(schedule)(3, 0)]).toEqual([1, 3]);
  expect([byStep(schedule, 10)(1, 7), byStep(schedule, 10)(3, 0)]).toEqual([8, 21]);
});

describe("refused", () => {
  test.each([0, -1, Number.NaN, Infinity])("learning rate %s", (rate) => {
    const wanted = { name: "UserError", message: `learning rate ${rate}: must be a positive number` };
    expect(() => constant(rate)).toThrow(expect.objectContaining(wanted));
    expect(() => multiStep(rate, { milestones: [1], factor: 0.1 })).toThrow(expect.objectContaining(wanted));
    expect(() => cosine(rate, { period: 1 })).toThrow(expect.objectContaining(wanted));
  });

  test.each<[string, () => Schedule]>([
    ["factor of the schedule 0: must be", () => multiStep(1, { milestones: [1], factor: 0 })],
    ["milestones 3, 3: must be positive and grow", () => multiStep(1, { milestones: [3, 3], factor: 0.1 })],
    ["milestones 0, 3: must be positive and grow", () => multiStep(1, { milestones: [0, 3], factor: 0.1 })],
    ["period of the cosine 0: must be", () => cosine(1, { period: 0 })],
    ["floor of the cosine 2: must lie between 0 and the learning rate, 1", () => cosine(1, { period: 3, floor: 2 })],
    ["floor of the cosine NaN", () => cosine(1, { period: 3, floor: Number.NaN })],
    ["duration of the warm-up -1: must be", () => afterWarmUp(constant(1), { duration: -1, startFactor: 0.1 })],
    ["start factor of the warm-up 0: must be above 0", () => afterWarmUp(constant(1), { duration: 1, startFactor: 0 })],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });

  test("a schedule that comes to 0 within the run, but not one that would after it", () => {
    const down = cosine(0.1, { period: 4 });
    expect(() => requireUsable(byEpoch(down), 4, 2)).not.toThrow();
    expect(() => requireUsable(byEpoch(down), 5, 2)).toThrow("learning rate 0 in epoch 5, step 1: must be a positive");
    expect(() => requireUsable(byStep(down, 3), 2, 3)).toThrow("learning rate 0 in epoch 2, step 2");
  });
});
