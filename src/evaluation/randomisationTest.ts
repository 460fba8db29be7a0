import type { Streams } from "../random/streams.js";
import { type ConfusionMatrix, rowTotals } from "./confusion.js";
import type { PatientConfusion } from "./confusionByPatient.js";
import { PooledCounts } from "./pooledCounts.js";
import type { RowRuns } from "./resampledRows.js";
import { unpairedDifference } from "./unpairedDifference.js";

/** Two rows on the same test set, compared. */
export interface RandomisationTest {
  /** First minus second, each the mean over its seeds. */
  difference: number;
  /** 95 % interval of the difference: patients drawn once for both rows, each row's seeds on their own. */
  low: number;
  high: number;
  /** Two-sided; NaN where the difference is not a number. */
  p: number;
  /** Swaps tried, the observed arrangement not counted; all there are where `exact`. */
  draws: number;
  exact: boolean;
}

/** Sums in another order differ in their last digits; arrangements that are equal must count as equal. */
const rounding = 1e-12;

/**
 * Test of two rows on the same test set by swapping whole patients between them (Fisher's randomisation test on the
 * difference of the metric; Noreen, "Computer-intensive methods for testing hypotheses", 1989). If the two rows' models were
 * interchangeable patient by patient, each swap were as likely as what was seen. A patient is swapped in all seeds together;
 * seed k of the one row goes with seed k of the other, in turn where one has more.
 *
 * p = (b + 1) / (m + 1), where b of m random arrangements differ at least as much as the observed one (Phipson and Smyth,
 * "Permutation p-values should never be zero", 2010); where so few patients are judged differently that there are not more
 * arrangements than draws, all are counted and p is exact. It speaks of the trained models at hand; whether another training
 * would differ as much is seen in the interval, which holds the seeds too.
 *
 * Throws RangeError where the two rows are not of the same patients with the same items.
 */
export function randomisationTest<Metric extends string>({
  first,
  second,
  metrics,
  streams,
  draws = 9999,
  bootstrapDraws = 2000,
  level = 0.95,
}: {
  /** [seeds][sets][patients] */
  first: RowRuns;
  second: RowRuns;
  /** Metrics of the pooled counts of one run's set. The matrix is reused: keep nothing of it. */
  metrics: (pooled: ConfusionMatrix) => Record<Metric, number>;
  streams: Streams;
  /** Random arrangements, 9,999 unless said otherwise. */
  draws?: number;
  /** Draws of the interval. */
  bootstrapDraws?: number;
  level?: number;
}): Record<Metric, RandomisationTest> {
  const estimates = unpairedDifference({ first, second, metrics, streams, draws: bootstrapDraws, level });
  if (first[0]!.length !== second[0]!.length) {
    throw new RangeError(`rows have ${first[0]!.length} and ${second[0]!.length} test sets: use unpairedDifference`);
  }
  const sets = first[0]!.map((_, s) => new SwappedSet(first, second, s));
  const differing = sets.reduce((sum, set) => sum + set.differing.length, 0);
  const names = Object.keys(estimates) as Metric[];
  const differences = (): Record<Metric, number> => {
    const sum = {} as Record<Metric, number>;
    for (const name of names) sum[name] = 0;
    for (const set of sets) {
      const pairs = set.pooled();
      for (const [one, other] of pairs) {
        const a = metrics(one);
        const b = metrics(other);
        for (const name of names) sum[name] += (a[name] - b[name]) / (pairs.length * sets.length);
      }
    }
    return sum;
  };
  const observed = differences();

  // Swapping everyone mirrors the difference, so that half of the arrangements tell what all would.
  const arrangements = 2 ** Math.max(0, differing - 1);
  const exact = arrangements <= draws + 1;
  const tried = exact ? arrangements : draws;
  const rng = streams.stream("randomisationTest");
  const asExtreme = new Map<Metric, number>(names.map((name) => [name, 0]));
  for (let k = 0; k < tried; k++) {
    let place = 0;
    for (const set of sets) set.swap(() => (exact ? (k >> place++) & 1 : rng.uint32() & 1));
    const drawn = differences();
    for (const name of names) {
      // A difference that is not a number is taken to be extreme.
      if (!(Math.abs(drawn[name]) < Math.abs(observed[name]) - rounding)) asExtreme.set(name, asExtreme.get(name)! + 1);
    }
  }
  const result = {} as Record<Metric, RandomisationTest>;
  for (const name of names) {
    const { mean, low, high } = estimates[name];
    const b = asExtreme.get(name)!;
    const p = Number.isNaN(mean) ? Number.NaN : exact ? b / tried : (b + 1) / (tried + 1);
    result[name] = { difference: mean, low, high, p, draws: tried, exact };
  }
  return result;
}

/** One set of both rows: which patients change sides, and the counts that follow. */
class SwappedSet {
  /** Places of the patients whom the two rows judge differently: swapping another changes nothing. */
  readonly differing: number[] = [];
  /** Runs are first and second of each pair of seeds in turn; each patient is in it twice, as is and with sides changed. */
  private readonly table: PooledCounts;
  private readonly weights: Uint32Array;
  private readonly patients: number;

  constructor(first: RowRuns, second: RowRuns, set: number) {
    const firstRuns = first.map((run) => sortedByPatient(run[set]!));
    const secondRuns = second.map((run) => sortedByPatient(run[set]!));
    refuseOtherItems(firstRuns[0]!, secondRuns[0]!);
    this.patients = firstRuns[0]!.length;
    const pairs = leastCommonMultiple(first.length, second.length);
    const runs: PatientConfusion[][] = [];
    for (let k = 0; k < pairs; k++) {
      const one = firstRuns[k % firstRuns.length]!;
      const other = secondRuns[k % secondRuns.length]!;
      runs.push([...renamed("stays", one), ...renamed("swapped", other)]);
      runs.push([...renamed("stays", other), ...renamed("swapped", one)]);
    }
    this.table = new PooledCounts(runs);
    this.weights = new Uint32Array(2 * this.patients).fill(1, 0, this.patients);
    for (let p = 0; p < this.patients; p++) {
      if (runs.some((run) => !sameCounts(run[p]!, run[p + this.patients]!))) this.differing.push(p);
    }
  }

  /** Asks for each patient whom it concerns whether to change sides: 1 or 0. */
  swap(changes: () => number): void {
    for (const p of this.differing) {
      const change = changes();
      this.weights[p] = 1 - change;
      this.weights[p + this.patients] = change;
    }
  }

  /** Counts of both sides, [pairs of seeds][2]. */
  pooled(): [ConfusionMatrix, ConfusionMatrix][] {
    const runs = this.table.pool(this.weights);
    return Array.from({ length: runs.length / 2 }, (_, k) => [runs[2 * k]!, runs[2 * k + 1]!]);
  }
}

function renamed(side: "stays" | "swapped", run: readonly PatientConfusion[]): PatientConfusion[] {
  return run.map(({ patient, matrix }) => ({ patient: `${side} ${patient}`, matrix }));
}

function sortedByPatient(run: readonly PatientConfusion[]): PatientConfusion[] {
  return [...run].sort((a, b) => (a.patient < b.patient ? -1 : 1));
}

function sameCounts(one: PatientConfusion, other: PatientConfusion): boolean {
  return one.matrix.counts.flat().join() === other.matrix.counts.flat().join();
}

function refuseOtherItems(first: readonly PatientConfusion[], second: readonly PatientConfusion[]): void {
  const itemsOf = ({ patient, matrix }: PatientConfusion) => `${patient} with ${rowTotals(matrix).join(" + ")} items`;
  const ofSecond = second.map(itemsOf);
  const unlike = first.map(itemsOf).find((item, p) => item !== ofSecond[p]);
  if (unlike === undefined && first.length === second.length) return;
  throw new RangeError(
    `rows on different test sets cannot be swapped (${first.length} and ${second.length} patients${unlike === undefined ? "" : `; only the first has ${unlike}`}): use unpairedDifference`,
  );
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}
