import type { Rng, Streams } from "../random/streams.js";
import type { ConfusionMatrix } from "./confusion.js";
import { type PatientConfusion, quantile } from "./patientBootstrap.js";
import { PooledCounts } from "./pooledCounts.js";

/** A metric with its interval over patients and training seeds. */
export interface ClusteredEstimate {
  /** Mean over the runs of the metric of all patients; NaN where a run lacks the items that it needs. */
  mean: number;
  low: number;
  high: number;
  /** Draws asked for. */
  draws: number;
  /** Draws whose metric was not a number (no item of a kind it needs was drawn); the interval is over the others. */
  degenerate: number;
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
  runs: readonly (readonly (readonly PatientConfusion[])[])[];
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
 * of each set are resampled on their own.
 * Throws RangeError where runs differ in sets or patients, or where a patient is in two sets.
 */
export function clusteredEstimate<Metric extends string>({
  runs,
  metrics,
  streams,
  draws = 2000,
  level = 0.95,
}: ClusteredEstimateOptions<Metric>): Record<Metric, ClusteredEstimate> {
  const sets = tablesOf(runs);
  const patients = sets.reduce((sum, set) => sum + set.patients.length, 0);
  const rngs = sets.map((_, index) => streams.stream("patientBootstrap", index));
  const rngOfRuns = streams.stream("seedBootstrap");
  const weights = sets.map((set) => new Uint32Array(set.patients.length));
  const weightsOfRuns = new Uint32Array(runs.length).fill(1);

  const valuesOf = () => {
    const perSet = sets.map((set, s) => set.pool(weights[s]!).map(metrics));
    return runs.map((_, r) => perSet.map((ofRuns) => ofRuns[r]!));
  };
  const meanOf = (values: Record<Metric, number>[][], name: Metric) => {
    let sum = 0;
    values.forEach((ofSets, r) => {
      if (weightsOfRuns[r] === 0) return;
      for (const ofSet of ofSets) sum += weightsOfRuns[r]! * ofSet[name];
    });
    return sum / (runs.length * sets.length);
  };

  for (const ofSet of weights) ofSet.fill(1);
  const observed = valuesOf();
  const names = Object.keys(observed[0]![0]!) as Metric[];
  const means = names.map((name) => meanOf(observed, name));
  const drawn = names.map((): number[] => []);
  for (let draw = 0; draw < draws; draw++) {
    for (let s = 0; s < sets.length; s++) drawWithReplacement(rngs[s]!, weights[s]!);
    if (runs.length > 1) drawWithReplacement(rngOfRuns, weightsOfRuns);
    const values = valuesOf();
    names.forEach((name, m) => {
      const value = meanOf(values, name);
      if (!Number.isNaN(value)) drawn[m]!.push(value);
    });
  }

  const tail = (1 - level) / 2;
  const estimates = {} as Record<Metric, ClusteredEstimate>;
  names.forEach((name, m) => {
    const sorted = drawn[m]!.sort((a, b) => a - b);
    estimates[name] = {
      mean: means[m]!,
      low: quantile(sorted, tail),
      high: quantile(sorted, 1 - tail),
      draws,
      degenerate: draws - sorted.length,
      runs: runs.length,
      patients,
    };
  });
  return estimates;
}

/** Fills `weights` with how often each of its places is drawn, in as many draws with replacement as there are places. */
function drawWithReplacement(rng: Rng, weights: Uint32Array): void {
  weights.fill(0);
  for (let k = 0; k < weights.length; k++) weights[rng.integer(weights.length)]!++;
}

function tablesOf(runs: readonly (readonly (readonly PatientConfusion[])[])[]): PooledCounts[] {
  const first = runs[0];
  if (!first || first.length === 0) throw new RangeError("nothing to resample: no run or no set was given");
  for (const run of runs) {
    if (run.length !== first.length) {
      throw new RangeError(`runs must have the same sets: one has ${first.length}, another ${run.length}`);
    }
  }
  const tables = first.map((_, s) => new PooledCounts(runs.map((run) => run[s]!)));
  const seen = new Set<string>();
  for (const patient of tables.flatMap((table) => table.patients)) {
    if (seen.has(patient)) throw new RangeError(`patient ${patient} is listed twice; sets must not share patients`);
    seen.add(patient);
  }
  return tables;
}
