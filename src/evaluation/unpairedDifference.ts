import type { Streams } from "../random/streams.js";
import { type BootstrapEstimate, clusterBootstrap } from "./clusterBootstrap.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { RowRuns } from "./resampledRows.js";

/**
 * Difference (first minus second) between rows tested on different splits, with its interval: patients are resampled
 * jointly, so that one who is in both test sets is drawn once for both, and each row's training seeds on their own.
 * Splits differ in more than the rows do; an interval that excludes 0 does not say which row's method is better.
 * On the same test set it is the paired difference.
 * Throws RangeError where the runs of a row differ in sets or patients.
 */
export function unpairedDifference<Metric extends string>({
  first,
  second,
  metrics,
  streams,
  draws = 2000,
  level = 0.95,
}: {
  /** [seeds][sets][patients] */
  first: RowRuns;
  second: RowRuns;
  /** Metrics of the pooled counts of one run's set; NaN where undefined. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  streams: Streams;
  draws?: number;
  /** Coverage aimed at, 0 to 1. */
  level?: number;
}): Record<Metric, BootstrapEstimate> {
  return clusterBootstrap({ rows: [first, second], factors: [1, -1], metrics }, { streams, draws, level });
}
