/**
 * Counts of a classifier's decisions: `counts[truth][predicted]`, [classes, classes], always over the full label list, so
 * that a class without samples keeps its place. Plain JSON.
 */
export interface ConfusionMatrix {
  labels: string[];
  counts: number[][];
}

/** A matrix of zeros. Throws RangeError for an empty label list or a repeated label. */
export function emptyConfusion(labels: readonly string[]): ConfusionMatrix {
  if (labels.length === 0) throw new RangeError("a confusion matrix needs at least one label");
  if (new Set(labels).size !== labels.length) throw new RangeError(`labels repeat: ${labels.join(", ")}`);
  return { labels: [...labels], counts: labels.map(() => labels.map(() => 0)) };
}

/** Adds one decision in place. `truth` and `predicted` are class indices; throws RangeError where they are none. */
export function countDecision(matrix: ConfusionMatrix, truth: number, predicted: number): void {
  const classes = matrix.labels.length;
  for (const [what, index] of [
    ["truth", truth],
    ["predicted", predicted],
  ] as const) {
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new RangeError(`${what} must be a class index from 0 to ${classes - 1}, got ${index}`);
    }
  }
  matrix.counts[truth]![predicted]!++;
}

/** The matrix of a list of decisions: `truths` and `predictions` are class indices, [items] each. */
export function confusionOf(
  labels: readonly string[],
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
): ConfusionMatrix {
  if (truths.length !== predictions.length) {
    throw new RangeError(`${truths.length} truths, but ${predictions.length} predictions`);
  }
  const matrix = emptyConfusion(labels);
  for (let i = 0; i < truths.length; i++) countDecision(matrix, truths[i]!, predictions[i]!);
  return matrix;
}

/** Element-wise sum, for example of folds or of patients. Throws RangeError where the label lists differ. */
export function sumConfusions(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  if (matrices.length === 0) throw new RangeError("nothing to sum: the list of confusion matrices is empty");
  const sum = emptyConfusion(matrices[0]!.labels);
  for (const matrix of matrices) {
    if (matrix.labels.join("\u0000") !== sum.labels.join("\u0000")) {
      throw new RangeError(`label lists differ: ${sum.labels.join(", ")} against ${matrix.labels.join(", ")}`);
    }
    matrix.counts.forEach((row, i) => {
      row.forEach((count, j) => {
        sum.counts[i]![j]! += count;
      });
    });
  }
  return sum;
}

/** Samples of each true class, [classes]. */
export function rowTotals(matrix: ConfusionMatrix): number[] {
  return matrix.counts.map((row) => row.reduce((sum, count) => sum + count, 0));
}

/** Share of each true class that was given each label, [classes, classes]; a row without samples stays zero. */
export function rowShares(matrix: ConfusionMatrix): number[][] {
  const totals = rowTotals(matrix);
  return matrix.counts.map((row, i) => row.map((count) => (totals[i] === 0 ? 0 : count / totals[i]!)));
}

/** Share of all samples that were given their own label; NaN for an empty matrix. */
export function accuracy(matrix: ConfusionMatrix): number {
  let hits = 0;
  let total = 0;
  rowTotals(matrix).forEach((count, i) => {
    total += count;
    hits += matrix.counts[i]![i]!;
  });
  return hits / total;
}
