import { type ConfusionMatrix, emptyConfusion } from "./confusion.js";
import type { PatientConfusion } from "./confusionByPatient.js";

/**
 * One set's counts of several runs over the same patients, laid out flat and without zeros, so that sums over patients who
 * are taken several times, once or not at all are fast.
 */
export class PooledCounts {
  /** Ordered by name: who stands where does not depend on the order of the input. */
  readonly patients: readonly string[];
  private readonly pooled: ConfusionMatrix[];
  private readonly sums: Float64Array;
  /** Entries of patient `p` are those from `starts[p]` to `starts[p + 1]`; each adds `values` to `sums[cells]`. */
  private readonly starts: Int32Array;
  private readonly cells: Int32Array;
  private readonly values: Float64Array;

  /**
   * @param runs [runs][patients]; throws RangeError for no run, no patient, a patient listed twice, or runs that differ in
   *   patients or labels
   */
  constructor(runs: readonly (readonly PatientConfusion[])[]) {
    const sorted = runs.map((run) => [...run].sort((a, b) => (a.patient < b.patient ? -1 : 1)));
    refuseUnlike(sorted);
    this.patients = sorted[0]!.map(({ patient }) => patient);
    const { labels } = sorted[0]![0]!.matrix;
    const classes = labels.length;
    this.pooled = sorted.map(() => emptyConfusion(labels));
    this.sums = new Float64Array(sorted.length * classes * classes);
    const starts = [0];
    const cells: number[] = [];
    const values: number[] = [];
    this.patients.forEach((_, p) => {
      sorted.forEach((run, r) => {
        run[p]!.matrix.counts.flat().forEach((count, cell) => {
          if (count === 0) return;
          cells.push(r * classes * classes + cell);
          values.push(count);
        });
      });
      starts.push(cells.length);
    });
    this.starts = Int32Array.from(starts);
    this.cells = Int32Array.from(cells);
    this.values = Float64Array.from(values);
  }

  /**
   * Each run's counts with patient `p` taken `weights[p]` times, [runs].
   * The matrices are the same objects at each call: read them before the next.
   */
  pool(weights: ArrayLike<number>): readonly ConfusionMatrix[] {
    const { sums, starts, cells, values } = this;
    sums.fill(0);
    for (let p = 0; p < this.patients.length; p++) {
      const weight = weights[p]!;
      if (weight === 0) continue;
      for (let k = starts[p]!; k < starts[p + 1]!; k++) sums[cells[k]!]! += weight * values[k]!;
    }
    let cell = 0;
    for (const { counts } of this.pooled) {
      for (const row of counts) for (let j = 0; j < row.length; j++) row[j] = sums[cell++]!;
    }
    return this.pooled;
  }
}

function refuseUnlike(runs: readonly (readonly PatientConfusion[])[]): void {
  const first = runs[0];
  if (!first) throw new RangeError("nothing to resample: no run was given");
  if (first.length === 0) throw new RangeError("nothing to resample: a set has no patients");
  first.forEach(({ patient }, p) => {
    if (first[p + 1]?.patient === patient) throw new RangeError(`patient ${patient} is listed twice in a set`);
  });
  const labels = first[0]!.matrix.labels.join(", ");
  for (const run of runs) {
    if (run.length !== first.length || run.some(({ patient }, p) => patient !== first[p]!.patient)) {
      throw new RangeError(
        `runs must have the same patients in each set: one has ${first.length}, from ${first[0]!.patient} to ${first.at(-1)!.patient}, another ${run.length}, from ${run[0]?.patient} to ${run.at(-1)?.patient}`,
      );
    }
    for (const { matrix } of run) {
      if (matrix.labels.join(", ") !== labels) {
        throw new RangeError(`label lists differ: ${labels} against ${matrix.labels.join(", ")}`);
      }
    }
  }
}
