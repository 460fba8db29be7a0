import type { Rng, Streams } from "../random/streams.js";
import { type ConfusionMatrix, countDecision, emptyConfusion } from "./confusion.js";
import { sprSoundScores } from "./sprsoundScores.js";

/** One patient's decisions on one set. */
export interface PatientConfusion {
  patient: string;
  matrix: ConfusionMatrix;
}

/** A percentile interval. */
export interface BootstrapInterval {
  low: number;
  high: number;
  /** Draws asked for. */
  draws: number;
  /** Draws whose metric was not a number (no item of a kind it needs was drawn); the interval is over the others. */
  degenerate: number;
}

/** Splits the decisions of a set by patient, ordered by patient, so that the order of the items does not matter. */
export function confusionByPatient(
  labels: readonly string[],
  patients: readonly string[],
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
): PatientConfusion[] {
  if (patients.length !== truths.length || patients.length !== predictions.length) {
    throw new RangeError(
      `${patients.length} patients, ${truths.length} truths and ${predictions.length} predictions must be equally many`,
    );
  }
  const byPatient = new Map<string, ConfusionMatrix>();
  patients.forEach((patient, i) => {
    let matrix = byPatient.get(patient);
    if (!matrix) {
      matrix = emptyConfusion(labels);
      byPatient.set(patient, matrix);
    }
    countDecision(matrix, truths[i]!, predictions[i]!);
  });
  return [...byPatient]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([patient, matrix]) => ({
      patient,
      matrix,
    }));
}

/** What is resampled, and what is computed from each draw. */
export interface PatientBootstrap<Metric extends string> {
  /** One list of patients for one set; several for the mean over sets, each resampled on its own. */
  sets: readonly (readonly PatientConfusion[])[];
  /** Metrics of the pooled counts of one set; NaN where undefined. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  /** Seeds the draws: the same streams give the same interval. */
  streams: Streams;
  draws?: number;
  /** Coverage aimed at, 0 to 1. */
  level?: number;
}

/**
 * Percentile intervals by resampling patients with replacement: items of one patient are alike, so the patient is the unit.
 * With several sets the metric of a draw is the mean over the sets.
 * Throws RangeError for an empty set, or for a patient who is in two sets (they could not be resampled apart).
 */
export function patientBootstrap<Metric extends string>({
  sets,
  metrics,
  streams,
  draws = 2000,
  level = 0.95,
}: PatientBootstrap<Metric>): Record<Metric, BootstrapInterval> {
  refuseUnusable(sets);
  const rngs = sets.map((_, index) => streams.stream("patientBootstrap", index));
  const values = new Map<Metric, number[]>();
  for (let draw = 0; draw < draws; draw++) {
    const ofSets = sets.map((patients, index) => metrics(poolOneDraw(patients, rngs[index]!)));
    for (const name of Object.keys(ofSets[0]!) as Metric[]) {
      const mean = ofSets.reduce((sum, ofSet) => sum + ofSet[name], 0) / sets.length;
      const list = values.get(name) ?? [];
      list.push(mean);
      values.set(name, list);
    }
  }
  const tail = (1 - level) / 2;
  const intervals = {} as Record<Metric, BootstrapInterval>;
  for (const [name, list] of values) {
    const sorted = list.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    intervals[name] = {
      low: quantile(sorted, tail),
      high: quantile(sorted, 1 - tail),
      draws,
      degenerate: draws - sorted.length,
    };
  }
  return intervals;
}

/** Intervals of SE, SP and Score of one SPRSound set, or of the mean over several. `t` as in `sprSoundScores`. */
export function sprSoundIntervals(
  sets: readonly (readonly PatientConfusion[])[],
  t: number,
  streams: Streams,
  draws = 2000,
): Record<"se" | "sp" | "score", BootstrapInterval> {
  return patientBootstrap({
    sets,
    metrics: (pooled) => {
      const { se, sp, score } = sprSoundScores(pooled, t);
      return { se, sp, score };
    },
    streams,
    draws,
  });
}

/** Quantile of sorted values with linear interpolation (NumPy's default); NaN for none. `share` from 0 to 1. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

function poolOneDraw(patients: readonly PatientConfusion[], rng: Rng): ConfusionMatrix {
  const pooled = emptyConfusion(patients[0]!.matrix.labels);
  const classes = pooled.labels.length;
  for (let k = 0; k < patients.length; k++) {
    const { counts } = patients[rng.integer(patients.length)]!.matrix;
    for (let i = 0; i < classes; i++) {
      const from = counts[i]!;
      const to = pooled.counts[i]!;
      for (let j = 0; j < classes; j++) to[j]! += from[j]!;
    }
  }
  return pooled;
}

function refuseUnusable(sets: readonly (readonly PatientConfusion[])[]): void {
  if (sets.length === 0) throw new RangeError("nothing to resample: no set was given");
  const seen = new Set<string>();
  for (const patients of sets) {
    if (patients.length === 0) throw new RangeError("nothing to resample: a set has no patients");
    for (const { patient } of patients) {
      if (seen.has(patient)) throw new RangeError(`patient ${patient} is listed twice; sets must not share patients`);
      seen.add(patient);
    }
  }
}
