import type { ConfusionMatrix } from "./confusion.js";
import { rowTotals } from "./confusion.js";

/** Precision, recall and F1 of one class, 0 to 1; a quotient with nothing below the line is 0. */
export interface ClassScores {
  label: string;
  precision: number;
  recall: number;
  f1: number;
  /** True samples of this class. */
  support: number;
  /** True where the test set has no sample of the class: it then counts in no macro average. */
  absent: boolean;
}

/** The classes one by one, and their unweighted mean over those that are present (NaN where none is). */
export interface PerClassScores {
  classes: ClassScores[];
  macro: { precision: number; recall: number; f1: number };
  /** Labels left out of the macro average. */
  absent: string[];
}

/**
 * Precision, recall, F1 and support of each class from counts (`sklearn.metrics.precision_recall_fscore_support`,
 * `zero_division=0`), with the macro average over the classes that have samples.
 */
export function perClassScores(matrix: ConfusionMatrix): PerClassScores {
  const supports = rowTotals(matrix);
  const classes = matrix.labels.map((label, c) => {
    const hits = matrix.counts[c]![c]!;
    const support = supports[c]!;
    const predicted = matrix.counts.reduce((sum, row) => sum + row[c]!, 0);
    return {
      label,
      precision: quotient(hits, predicted),
      recall: quotient(hits, support),
      f1: quotient(2 * hits, predicted + support),
      support,
      absent: support === 0,
    };
  });
  const present = classes.filter((scores) => !scores.absent);
  const mean = (value: (scores: ClassScores) => number) =>
    present.reduce((sum, scores) => sum + value(scores), 0) / present.length;
  return {
    classes,
    macro: { precision: mean((s) => s.precision), recall: mean((s) => s.recall), f1: mean((s) => s.f1) },
    absent: classes.filter((scores) => scores.absent).map((scores) => scores.label),
  };
}

function quotient(above: number, below: number): number {
  return below === 0 ? 0 : above / below;
}
