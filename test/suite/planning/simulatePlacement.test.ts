import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Streams } from "../../../src/random/streams.js";
import { secondsUntilDone } from "../../../src/suite/planning/runCost.js";
import {
  type SimulatedNodes,
  type SimulatedWork,
  simulatePlacement,
} from "../../../src/suite/planning/simulatePlacement.js";

const LOSSLESS: SimulatedNodes = {
  ...{ nodes: 1, slotsPerNode: 1, hoursBetweenLosses: Number.POSITIVE_INFINITY },
  ...{ repairSeconds: 0, noticeSeconds: 0, startUpSeconds: 0 },
};

const simulate = (works: readonly SimulatedWork[], model: Partial<SimulatedNodes> = {}, programme = 0) =>
  simulatePlacement(works, { ...LOSSLESS, ...model }, new Streams(1).stream("test", programme));

/** The mean time of many programmes, with its standard error. */
function meanTime(works: readonly SimulatedWork[], model: Partial<SimulatedNodes>, programmes = 4000) {
  const times = Array.from({ length: programmes }, (_, i) => simulate(works, model, i).seconds);
  const mean = times.reduce((a, b) => a + b) / programmes;
  const variance = times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (programmes - 1);
  return { mean, error: Math.sqrt(variance / programmes) };
}

const someSeconds = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });

/** Pieces that need some of those before them, on nodes that are lost now and then. */
const troubled = fc.record({
  works: someSeconds.chain((seconds) =>
    fc
      .tuple(
        ...seconds.map((one, i) =>
          fc.record({
            seconds: fc.constant(one),
            checkpointSeconds: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }),
            after: i === 0 ? fc.constant([]) : fc.array(fc.nat(i - 1), { maxLength: 3 }),
          }),
        ),
      )
      .map((works) => works as SimulatedWork[]),
  ),
  model: fc.record({
    nodes: fc.integer({ min: 1, max: 5 }),
    slotsPerNode: fc.integer({ min: 1, max: 3 }),
    hoursBetweenLosses: fc.double({ min: 0.2, max: 5, noNaN: true }),
    ...{ repairSeconds: fc.nat(500), noticeSeconds: fc.nat(200), startUpSeconds: fc.nat(20) },
  }),
  programme: fc.nat(1000),
});

/** Along the longest chain of pieces that need each other. */
function longestChain(works: readonly SimulatedWork[]): number {
  const ends: number[] = [];
  for (const { seconds, after = [] } of works) ends.push(seconds + Math.max(0, ...after.map((one) => ends[one]!)));
  return Math.max(...ends);
}

describe("without losses", () => {
  test("it is list scheduling, as a dry run tells it", () => {
    fc.assert(
      fc.property(
        someSeconds,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (seconds, nodes, slots) => {
          const { seconds: took } = simulate(
            seconds.map((one) => ({ seconds: one })),
            { nodes, slotsPerNode: slots },
          );
          expect(took).toBe(secondsUntilDone(seconds, nodes * slots));
        },
      ),
    );
  });

  test("equal runs take whole turns, each with its start-up; more nodes are never slower", () => {
    const equal = Array.from({ length: 17 }, () => ({ seconds: 100 }));
    const times = [1, 2, 3, 4, 8, 17, 64].map((nodes) => simulate(equal, { nodes, startUpSeconds: 5 }).seconds);
    expect(times).toEqual([17, 9, 6, 5, 3, 1, 1].map((turns) => turns * 105));
  });

  test("runs wait for the stage that they share, others do not", () => {
    const works = [{ seconds: 50 }, { seconds: 10, after: [0] }, { seconds: 10, after: [0] }, { seconds: 40 }];
    expect(simulate(works, { nodes: 2 }).seconds).toBe(60);
    expect(simulate(works, { nodes: 1 }).seconds).toBe(110);
  });
});

describe("with losses", () => {
  // The expected time of work that is begun anew after each loss of a Poisson process, with a time D until it can be: (1/lambda + D)
  // (e^(lambda W) - 1); where a start-up R comes before each new attempt at a segment, e^(lambda R) times that. Daly, A higher order
  // estimate of the optimum checkpoint interval for restart dumps, FGCS 22 (2006), eq. 1 to 5; Herault and Robert, Fault-Tolerance
  // Techniques for High-Performance Computing (2015), Proposition 1.
  test("a run without checkpoints takes the expected time of restarts", () => {
    const [hours, seconds, repairSeconds] = [2, 5400, 900];
    const lambda = 1 / (hours * 3600);
    const expected = (1 / lambda + repairSeconds) * (Math.exp(lambda * seconds) - 1);
    const { mean, error } = meanTime([{ seconds }], { hoursBetweenLosses: hours, repairSeconds, noticeSeconds: 200 });
    expect(error / expected).toBeLessThan(0.02);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
  });

  test("a run with checkpoints takes that of its segments; notice that is longer than the repair counts", () => {
    const [hours, segment, segments, startUpSeconds, noticeSeconds] = [1, 1200, 5, 120, 200];
    const lambda = 1 / (hours * 3600);
    const anew = 1 / lambda + noticeSeconds;
    // The first segment has the start-up before it in any case, the others after a loss alone.
    const first = anew * (Math.exp(lambda * (startUpSeconds + segment)) - 1);
    const other = Math.exp(lambda * startUpSeconds) * anew * (Math.exp(lambda * segment) - 1);
    const expected = first + (segments - 1) * other;
    const { mean, error } = meanTime([{ seconds: segment * segments, checkpointSeconds: segment }], {
      ...{ hoursBetweenLosses: hours, repairSeconds: 60, noticeSeconds, startUpSeconds },
    });
    expect(error / expected).toBeLessThan(0.02);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
  });

  test("nodes are lost as often as was said: so many an hour in which they are there", () => {
    const hoursBetweenLosses = 5;
    const works = Array.from({ length: 400 }, () => ({ seconds: 3600, checkpointSeconds: 60 }));
    const all = Array.from({ length: 20 }, (_, i) => simulate(works, { nodes: 8, hoursBetweenLosses }, i));
    const losses = all.reduce((sum, one) => sum + one.losses, 0);
    const expected = all.reduce((sum, one) => sum + (8 * one.seconds) / 3600 / hoursBetweenLosses, 0);
    // Counts of a Poisson process deviate by the root of their mean.
    expect(Math.abs(losses - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test("all work is done once, what was lost beside it; no chain is shortened, and slots are busy no more than they are there", () => {
    fc.assert(
      fc.property(troubled, ({ works, model, programme }) => {
        const { seconds, workSeconds, lostSeconds, startUpSeconds, attempts, losses } = simulate(
          works,
          model,
          programme,
        );
        const all = works.reduce((sum, one) => sum + one.seconds, 0);
        expect(workSeconds).toBeCloseTo(all, 3);
        expect(seconds).toBeGreaterThan(longestChain(works) - 1e-6);
        expect(workSeconds + lostSeconds + startUpSeconds).toBeLessThan(
          seconds * model.nodes * model.slotsPerNode + 1e-3,
        );
        expect(startUpSeconds).toBeLessThan(attempts * model.startUpSeconds + 1e-3);
        expect(attempts - works.length).toBeLessThanOrEqual(losses * model.slotsPerNode);
        if (losses === 0) expect([lostSeconds, attempts]).toEqual([0, works.length]);
      }),
      { numRuns: 300 },
    );
  });

  test("the same stream gives the same programme", () => {
    const works = Array.from({ length: 50 }, (_, i) => ({ seconds: 600 + i, checkpointSeconds: 100 }));
    const model = { nodes: 3, hoursBetweenLosses: 1, repairSeconds: 300 };
    expect(simulate(works, model, 7)).toEqual(simulate(works, model, 7));
    expect(simulate(works, model, 7).seconds).not.toBe(simulate(works, model, 8).seconds);
  });
});

describe("refused", () => {
  test.each([
    [{ nodes: 0 }, /nodes: 0; must be a whole number, 1 or more/],
    [{ slotsPerNode: 1.5 }, /slotsPerNode: 1.5/],
    [{ hoursBetweenLosses: 0 }, /hoursBetweenLosses: 0; must be above 0, Infinity for none/],
    [{ hoursBetweenLosses: Number.NaN }, /hoursBetweenLosses: NaN/],
    [{ repairSeconds: -1 }, /repairSeconds: -1; must be seconds/],
  ])("%j", (model, words) => {
    expect(() => simulate([{ seconds: 1 }], model)).toThrow(words);
  });

  test("work that needs what comes later, and work that would hardly ever come to its next checkpoint", () => {
    expect(() => simulate([{ seconds: 1, after: [1] }, { seconds: 1 }])).toThrow(
      /work 0 needs 1; it may need only what stands before it/,
    );
    expect(() => simulate([{ seconds: 36_000 }], { hoursBetweenLosses: 1 })).toThrow(
      /checkpoint comes after 10.0 h fewer than one in a thousand/,
    );
  });
});
