import { quantile } from "../../evaluation/quantile.js";
import { Streams } from "../../random/streams.js";
import { type SimulatedNodes, type SimulatedWork, simulatePlacement } from "./simulatePlacement.js";

/** A piece of work with what it gives to what all nodes share. */
export interface SharingWork extends SimulatedWork {
  /** Metric points for the tracking server. */
  points: number;
  /** Written to the shared folder while it runs: checkpoints, the model, records. */
  bytes: number;
}

/** What all nodes share takes so much. */
export interface SharedLimits {
  pointsPerSecond: number;
  megabytesPerSecond: number;
}

/** What a programme takes on so many nodes. */
export interface ExpectedTime {
  nodes: number;
  /** Until the last piece is done: the mean of the simulated programmes, and the times that 5 % and 95 % of them stay below. */
  seconds: { mean: number; low: number; high: number };
  /** Of the time of busy slots, on work that was lost and on starts after a loss. */
  lostShare: number;
  /** Nodes lost, on average. */
  losses: number;
  /** While all slots are busy. */
  pointsPerSecond: number;
  megabytesPerSecond: number;
  /** Until the tracking server has all points: later than the last piece where it takes them more slowly than they come. */
  trackedSeconds: number;
}

/** The programme on several numbers of nodes. */
export interface ExpectedTimes {
  programmes: number;
  times: readonly ExpectedTime[];
  /** Nodes with which what they share is used in full; fewer have room. */
  limitAt: { tracking: number; folder: number };
}

/** Simulated for each number of nodes. */
export const PROGRAMMES = 200;

/**
 * Simulates a programme many times on each number of nodes. Loads are those of all slots at work, each with the programme's mean; what
 * nodes share is a load against a limit and slows nothing down but the arrival of points: training does not wait for the tracking server.
 *
 * @param works each needs only those before it
 * Throws RangeError as `simulatePlacement` does.
 */
export function expectedTimes(
  works: readonly SharingWork[],
  model: Omit<SimulatedNodes, "nodes">,
  nodes: readonly number[],
  limits: SharedLimits,
  seed = 0,
): ExpectedTimes {
  const streams = new Streams(seed);
  // Without losses nothing is drawn, and all programmes are one.
  const programmes = model.hoursBetweenLosses === Number.POSITIVE_INFINITY ? 1 : PROGRAMMES;
  const [seconds, points, bytes] = (["seconds", "points", "bytes"] as const).map((what) =>
    works.reduce((sum, one) => sum + one[what], 0),
  ) as [number, number, number];
  const perSlot = (amount: number) => (seconds > 0 ? amount / seconds : 0);
  const times = nodes.map((count): ExpectedTime => {
    const all = Array.from({ length: programmes }, (_, i) =>
      simulatePlacement(works, { ...model, nodes: count }, streams.stream("node losses", count, i)),
    );
    const mean = (of: (one: (typeof all)[number]) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
    const ends = all.map((one) => one.seconds).sort((a, b) => a - b);
    const took = mean((one) => one.seconds);
    const busy = Math.min(count * model.slotsPerNode, works.length);
    const starts = works.length * model.startUpSeconds;
    const busyTime = mean((one) => one.workSeconds + one.lostSeconds + one.startUpSeconds);
    return {
      nodes: count,
      seconds: { mean: took, low: quantile(ends, 0.05), high: quantile(ends, 0.95) },
      lostShare: (mean((one) => one.lostSeconds + one.startUpSeconds) - starts) / Math.max(1, busyTime),
      losses: mean((one) => one.losses),
      pointsPerSecond: busy * perSlot(points),
      megabytesPerSecond: (busy * perSlot(bytes)) / 1e6,
      trackedSeconds: Math.max(took, points / limits.pointsPerSecond),
    };
  });
  const limitAt = {
    tracking: limits.pointsPerSecond / (model.slotsPerNode * perSlot(points)),
    folder: limits.megabytesPerSecond / ((model.slotsPerNode * perSlot(bytes)) / 1e6),
  };
  return { programmes, times, limitAt };
}
