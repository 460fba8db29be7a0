import type { Streams } from "../random/streams.js";
import { type BootstrapEstimate, clusterBootstrap } from "./clusterBootstrap.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { RowRuns } from "./resampledRows.js";

/** A metric with its interval over patients and training seeds. */
export interface ClusteredEstimate extends BootstrapEstimate {
  /** Training seeds; with 1 only the patients are resampled, and the interval speaks of that one trained model. */
  runs: number;
  /** Patients of all sets together. */
  patients: number;
}

/** What is resampled, and what is computed from each draw. */
export interface ClusteredEstimateOptions<Metric extends string> {
  /**
   * One per training seed; each run is a list of sets whose metrics are averaged (one set, or SPRSound's inter and intra),
   * each a list of patients.
   */
  runs: RowRuns;
  /** Metrics of the pooled counts of one run's set; NaN where undefined. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  /** Seeds the draws: the same streams give the same interval. */
  streams: Streams;
  /** 2,000 unless said otherwise. */
  draws?: number;
  /** Coverage aimed at, 0 to 1; 0.95 unless said otherwise. */
  level?: number;
}

/**
 * Mean over training seeds with an interval from resampling whole patients and seeds together: items of one patient are
 * alike, so the patient is the unit. All seeds of a draw see the same patients, since they share one test set; the patients
 * of each set are resampled on their own. `clusterBootstrap` says how the bounds are found; `docs/statistics.md` how often
 * they cover the truth.
 *
 * `mean` is NaN where a run lacks the items that a metric needs; the bounds are NaN too where it hangs on a single patient.
 * Throws RangeError where runs differ in sets or patients, or where a patient is in two sets.
 */
export function clusteredEstimate<Metric extends string>({
  runs,
  metrics,
  streams,
  draws = 2000,
  level = 0.95,
}: ClusteredEstimateOptions<Metric>): Record<Metric, ClusteredEstimate> {
  refuseSharedPatients(runs);
  const estimates = clusterBootstrap({ rows: [runs], factors: [1], metrics }, { streams, draws, level });
  const patients = runs[0]!.flat().length;
  const result = {} as Record<Metric, ClusteredEstimate>;
  for (const name of Object.keys(estimates) as Metric[]) {
    result[name] = { ...estimates[name], runs: runs.length, patients };
  }
  return result;
}

/** The sets of one row are said to be apart: a patient in two of them is an error of the split. */
function refuseSharedPatients(runs: RowRuns): void {
  const seen = new Set<string>();
  for (const { patient } of runs[0]?.flat() ?? []) {
    if (seen.has(patient)) throw new RangeError(`patient ${patient} is listed twice; sets must not share patients`);
    seen.add(patient);
  }
}
