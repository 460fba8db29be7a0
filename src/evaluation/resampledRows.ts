import type { Rng, Streams } from "../random/streams.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { PatientConfusion } from "./confusionByPatient.js";
import { PooledCounts } from "./pooledCounts.js";

/** The runs of one row of a table, one per training seed: [runs][sets][patients]. The metrics of the sets are averaged. */
export type RowRuns = readonly (readonly (readonly PatientConfusion[])[])[];

/** What is measured on whom. */
export interface MeasuredRows<Metric extends string> {
  rows: readonly RowRuns[];
  /** The rows' means are added with these factors, [rows]: 1 and -1 for a difference. */
  factors: readonly number[];
  /** Metrics of the pooled counts of one run's set; NaN where undefined. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
}

/**
 * Rows whose patients are taken several times, once or not at all. Who is in several rows or sets is taken equally often in
 * all of them, and sets that are linked by a shared patient form one stratum, which is drawn from together.
 */
export class ResampledRows<Metric extends string> {
  readonly names: readonly Metric[];
  /** Patients of each stratum. */
  readonly strata: readonly { readonly patients: readonly string[] }[];
  private readonly own: readonly Stratum[];
  private readonly tables: readonly (readonly WeightedSet[])[];
  private readonly runWeights: readonly Uint32Array[];

  /** Everyone is taken once. Throws RangeError where the runs of a row differ in sets or patients. */
  constructor(private readonly measured: MeasuredRows<Metric>) {
    this.tables = measured.rows.map(tablesOf);
    this.own = strataOf(this.tables);
    this.strata = this.own;
    this.runWeights = measured.rows.map((runs) => new Uint32Array(runs.length).fill(1));
    for (const stratum of this.own) stratum.takeAllOnce();
    this.names = Object.keys(this.ofRuns()[0]![0]!) as Metric[];
  }

  /** The metrics of each row's runs, averaged over its sets, [rows][runs]. */
  ofRuns(): Record<Metric, number>[][] {
    return this.tables.map((sets) => valuesOfRuns(sets, this.measured.metrics));
  }

  /** Mean over the runs, added up over the rows, as patients and runs are taken at the moment. */
  values(): Record<Metric, number> {
    const ofRuns = this.ofRuns();
    const { factors } = this.measured;
    const sums = {} as Record<Metric, number>;
    for (const name of this.names) {
      sums[name] = factors.reduce(
        (sum, factor, row) => sum + factor * weightedMean(ofRuns[row]!, this.runWeights[row]!, name),
        0,
      );
    }
    return sums;
  }

  /** Calls `visit` with one patient left out after the other, and everyone else taken once; in the end everyone is. */
  leaveOutEach(visit: (stratum: number) => void): void {
    this.own.forEach((stratum, s) => {
      for (let p = 0; p < stratum.patients.length; p++) {
        stratum.leaveOut(p);
        visit(s);
      }
      stratum.takeAllOnce();
    });
  }

  /** Calls `visit` after each draw of patients and, of rows with several runs, of runs. */
  drawEach(draws: number, streams: Streams, visit: () => void): void {
    const rngs = this.own.map((_, s) => streams.stream("patientBootstrap", s));
    const rngsOfRuns = this.runWeights.map((_, row) => streams.stream("seedBootstrap", row));
    for (let draw = 0; draw < draws; draw++) {
      for (let s = 0; s < rngs.length; s++) this.own[s]!.draw(rngs[s]!);
      this.runWeights.forEach((weights, row) => {
        if (weights.length > 1) drawWithReplacement(rngsOfRuns[row]!, weights);
      });
      visit();
    }
  }
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
