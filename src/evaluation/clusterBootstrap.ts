import type { Rng, Streams } from "../random/streams.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { PatientConfusion } from "./confusionByPatient.js";
import { expandedInterval, type Spread, spreadOf } from "./expandedInterval.js";
import { PooledCounts } from "./pooledCounts.js";

/** The runs of one row of a table, one per training seed: [runs][sets][patients]. The metrics of the sets are averaged. */
export type RowRuns = readonly (readonly (readonly PatientConfusion[])[])[];

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

export interface ClusterBootstrapOptions<Metric extends string> {
  rows: readonly RowRuns[];
  /** The rows' means are added with these factors, [rows]: 1 and -1 for a difference. */
  factors: readonly number[];
  /** Metrics of the pooled counts of one run's set; NaN where undefined. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  streams: Streams;
  draws: number;
  /** Coverage aimed at, 0 to 1. */
  level: number;
}

/**
 * Bootstrap of whole patients and training seeds together, for one row or a sum of several with factors.
 * Patients are drawn with replacement, as many as there are; who is in several rows or sets is drawn once for all of them,
 * and sets that are linked by a shared patient are drawn from together. Each row's seeds are drawn on their own.
 * The bounds are quantiles of the draws at levels widened for few or uneven patients and few seeds (`expandedInterval`).
 * Throws RangeError where the runs of a row differ in sets or patients.
 */
export function clusterBootstrap<Metric extends string>({
  rows,
  factors,
  metrics,
  streams,
  draws,
  level,
}: ClusterBootstrapOptions<Metric>): { estimates: Record<Metric, BootstrapEstimate>; patients: number } {
  const tables = rows.map(tablesOf);
  const strata = strataOf(tables);
  const evaluate = (name: Metric, runs: Record<Metric, number>[][], runWeights: readonly Uint32Array[]) =>
    factors.reduce((sum, factor, row) => sum + factor * weightedMean(runs[row]!, runWeights[row]!, name), 0);

  const once = rows.map((runs) => new Uint32Array(runs.length).fill(1));
  for (const stratum of strata) stratum.takeAllOnce();
  const observed = tables.map((row) => valuesOfRuns(row, metrics));
  const names = Object.keys(observed[0]![0]!) as Metric[];

  // Leaving out one patient at a time: how much each one moves the value.
  const influences = names.map(() => strata.map((): number[] => []));
  const means = names.map((name) => evaluate(name, observed, once));
  strata.forEach((stratum, s) => {
    for (let p = 0; p < stratum.patients.length; p++) {
      stratum.leaveOut(p);
      const without = tables.map((row) => valuesOfRuns(row, metrics));
      names.forEach((name, m) => {
        influences[m]![s]!.push(evaluate(name, without, once) - means[m]!);
      });
    }
    stratum.takeAllOnce();
  });

  const rngs = strata.map((_, s) => streams.stream("patientBootstrap", s));
  const rngsOfRuns = rows.map((_, row) => streams.stream("seedBootstrap", row));
  const runWeights = rows.map((runs) => new Uint32Array(runs.length).fill(1));
  const drawn = names.map((): number[] => []);
  for (let draw = 0; draw < draws; draw++) {
    for (let s = 0; s < strata.length; s++) strata[s]!.draw(rngs[s]!);
    for (let row = 0; row < rows.length; row++) {
      if (rows[row]!.length > 1) drawWithReplacement(rngsOfRuns[row]!, runWeights[row]!);
    }
    const values = tables.map((row) => valuesOfRuns(row, metrics));
    names.forEach((name, m) => {
      const value = evaluate(name, values, runWeights);
      if (!Number.isNaN(value)) drawn[m]!.push(value);
    });
  }

  const estimates = {} as Record<Metric, BootstrapEstimate>;
  names.forEach((name, m) => {
    const ofRuns = observed.map((runs, row) => runs.map((values) => factors[row]! * values[name]));
    const spread: Spread = spreadOf(influences[m]!, ofRuns);
    const sorted = Float64Array.from(drawn[m]!).sort();
    estimates[name] = {
      mean: means[m]!,
      ...expandedInterval(sorted, spread, level),
      draws,
      degenerate: draws - sorted.length,
    };
  });
  return { estimates, patients: strata.reduce((sum, { patients }) => sum + patients.length, 0) };
}

/** A set of one row: its counts, and how often each of its patients is taken at the moment. */
interface WeightedSet {
  table: PooledCounts;
  weights: Uint32Array;
}

/** [sets] */
function tablesOf(runs: RowRuns): WeightedSet[] {
  const first = runs[0];
  if (!first || first.length === 0) throw new RangeError("nothing to resample: no run or no set was given");
  for (const run of runs) {
    if (run.length !== first.length) {
      throw new RangeError(`runs must have the same sets: one has ${first.length}, another ${run.length}`);
    }
  }
  return first.map((_, s) => {
    const table = new PooledCounts(runs.map((run) => run[s]!));
    return { table, weights: new Uint32Array(table.patients.length) };
  });
}

/** The metrics of each run, averaged over the sets, [runs]. */
function valuesOfRuns<Metric extends string>(
  sets: readonly WeightedSet[],
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>,
): Record<Metric, number>[] {
  const perSet = sets.map(({ table, weights }) => table.pool(weights).map(metrics));
  if (sets.length === 1) return perSet[0]!;
  return perSet[0]!.map((first, r) => {
    const mean = { ...first };
    for (const name of Object.keys(first) as Metric[]) {
      let sum = 0;
      for (const ofRuns of perSet) sum += ofRuns[r]![name];
      mean[name] = sum / sets.length;
    }
    return mean;
  });
}

function weightedMean<Metric extends string>(
  runs: readonly Record<Metric, number>[],
  weights: Uint32Array,
  name: Metric,
): number {
  let sum = 0;
  for (let r = 0; r < runs.length; r++) if (weights[r]! > 0) sum += weights[r]! * runs[r]![name];
  return sum / runs.length;
}

/** Patients who are drawn together, and where each of them stands in the sets. */
class Stratum {
  private readonly drawnWeights: Uint32Array;

  constructor(
    readonly patients: readonly string[],
    /** Of each set, the place in `patients` of each of its own. */
    private readonly sets: readonly { weights: Uint32Array; places: Uint32Array }[],
  ) {
    this.drawnWeights = new Uint32Array(patients.length);
  }

  draw(rng: Rng): void {
    drawWithReplacement(rng, this.drawnWeights);
    this.handOut();
  }

  takeAllOnce(): void {
    this.drawnWeights.fill(1);
    this.handOut();
  }

  leaveOut(patient: number): void {
    this.drawnWeights.fill(1);
    this.drawnWeights[patient] = 0;
    this.handOut();
  }

  private handOut(): void {
    for (const { weights, places } of this.sets) {
      for (let p = 0; p < places.length; p++) weights[p] = this.drawnWeights[places[p]!]!;
    }
  }
}

/** Sets that share a patient, be it through others, are in one stratum; the order is that of the sets. */
function strataOf(rows: readonly (readonly WeightedSet[])[]): Stratum[] {
  let groups: WeightedSet[][] = [];
  for (const set of rows.flat()) {
    const own = new Set(set.table.patients);
    const linked = groups.filter((group) => group.some(({ table }) => table.patients.some((name) => own.has(name))));
    const joined = [...linked.flat(), set];
    groups =
      linked.length === 0
        ? [...groups, joined]
        : groups.flatMap((group) => (group === linked[0] ? [joined] : linked.includes(group) ? [] : [group]));
  }
  return groups.map((sets) => {
    const patients = [...new Set(sets.flatMap(({ table }) => table.patients))].sort();
    const places = new Map(patients.map((name, place) => [name, place]));
    return new Stratum(
      patients,
      sets.map(({ table, weights }) => ({
        weights,
        places: Uint32Array.from(table.patients, (name) => places.get(name)!),
      })),
    );
  });
}

/** Fills `weights` with how often each of its places is drawn, in as many draws with replacement as there are places. */
function drawWithReplacement(rng: Rng, weights: Uint32Array): void {
  weights.fill(0);
  for (let k = 0; k < weights.length; k++) weights[rng.integer(weights.length)]!++;
}
