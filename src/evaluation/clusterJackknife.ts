import { type Spread, spreadOf } from "./expandedInterval.js";
import type { MeasuredRows } from "./resampledRows.js";
import { ResampledRows } from "./resampledRows.js";

/** A value, how far each patient moves it, and how uncertain that makes it. */
export interface JackknifeEstimate {
  /** Mean over the runs of all patients. */
  mean: number;
  /** Change of the mean when a patient is left out, [strata][patients by name]; NaN where it is then undefined. */
  influences: number[][];
  spread: Spread;
}

/**
 * Leaves out one patient at a time (the delete-one-cluster jackknife, stratified where sets are apart).
 * Throws RangeError where the runs of a row differ in sets or patients.
 */
export function clusterJackknife<Metric extends string>(
  measured: MeasuredRows<Metric>,
): Record<Metric, JackknifeEstimate> {
  const rows = new ResampledRows(measured);
  const means = rows.values();
  const ofRuns = rows.ofRuns();
  const without = rows.strata.map((): Record<Metric, number>[] => []);
  rows.leaveOutEach((stratum) => without[stratum]!.push(rows.values()));
  const estimates = {} as Record<Metric, JackknifeEstimate>;
  for (const name of rows.names) {
    const mean = means[name];
    const influences = without.map((values) => values.map((value) => value[name] - mean));
    const seeds = ofRuns.map((runs, row) => runs.map((values) => measured.factors[row]! * values[name]));
    estimates[name] = { mean, influences, spread: spreadOf(influences, seeds) };
  }
  return estimates;
}
