import type { Streams } from "../random/streams.js";
import { clusterJackknife } from "./clusterJackknife.js";
import { expandedInterval } from "./expandedInterval.js";
import { type MeasuredRows, ResampledRows } from "./resampledRows.js";

/** A value with its interval, and how it came about. */
export interface BootstrapEstimate {
  mean: number;
  low: number;
  high: number;
  /** Draws asked for. */
  draws: number;
  /** Draws whose metric was not a number (no item of a kind it needs was drawn); the interval is over the others. */
  degenerate: number;
}

/**
 * Bootstrap of whole patients and training seeds together, for one row or a sum of several with factors: patients are drawn
 * with replacement, as many as there are, each row's seeds on their own.
 * The bounds are quantiles of the draws at levels widened for few or uneven patients and few seeds (`expandedInterval`).
 * @param level coverage aimed at, 0 to 1
 * @throws RangeError where the runs of a row differ in sets or patients
 */
export function clusterBootstrap<Metric extends string>(
  measured: MeasuredRows<Metric>,
  { streams, draws, level }: { streams: Streams; draws: number; level: number },
): Record<Metric, BootstrapEstimate> {
  const rows = new ResampledRows(measured);
  const { names } = rows;
  const drawn = names.map(() => new Float64Array(draws));
  const numbers = names.map(() => 0);
  rows.drawEach(draws, streams, () => {
    const values = rows.values();
    for (let m = 0; m < names.length; m++) {
      const value = values[names[m]!];
      if (!Number.isNaN(value)) drawn[m]![numbers[m]!++] = value;
    }
  });
  const jackknife = clusterJackknife(measured);
  const estimates = {} as Record<Metric, BootstrapEstimate>;
  names.forEach((name, m) => {
    const sorted = drawn[m]!.subarray(0, numbers[m]!).sort();
    const { mean, spread } = jackknife[name];
    estimates[name] = { mean, ...expandedInterval(sorted, spread, level), draws, degenerate: draws - sorted.length };
  });
  return estimates;
}
