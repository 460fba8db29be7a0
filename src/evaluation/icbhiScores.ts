import type { ConfusionMatrix } from "./confusion.js";
import { rowTotals } from "./confusion.js";
import { perClassScores } from "./perClass.js";

/** The ICBHI challenge's scores of one set, 0 to 1. A value is NaN where the set lacks the cycles that it needs. */
export interface IcbhiScores {
  /** Sensitivity: abnormal cycles given their exact class. */
  se: number;
  /** Specificity: normal cycles called normal. */
  sp: number;
  /** (Se + Sp) / 2. */
  score: number;
  /** Of more than two classes: abnormal cycles given any abnormal class (papers.md 0.3, variant B). Sp is the same. */
  collapsedSe?: number;
  /** (collapsed Se + Sp) / 2. */
  collapsedScore?: number;
  /** Cycles that stand in the denominator of Sp. */
  normalCount: number;
  /** Cycles that stand in the denominator of Se. */
  abnormalCount: number;
}

/**
 * Se, Sp and Score of the ICBHI challenge, from counts over the full label list. Two classes are the retrained binary
 * model (variant A); of four, `collapsedSe` and `collapsedScore` are the same decisions read as two classes (variant B).
 * Without normal cycles Sp and every Score is NaN, without abnormal ones Se and every Score.
 * @param matrix Normal at index 0; throws RangeError for fewer than two classes
 */
export function icbhiScores(matrix: ConfusionMatrix): IcbhiScores {
  const classes = matrix.labels.length;
  if (classes < 2) throw new RangeError(`ICBHI's scores need normal and an abnormal class, got ${classes} class`);
  const totals = rowTotals(matrix);
  const normalCount = totals[0]!;
  let exact = 0;
  let calledNormal = 0;
  let abnormalCount = 0;
  for (let c = 1; c < classes; c++) {
    exact += matrix.counts[c]![c]!;
    calledNormal += matrix.counts[c]![0]!;
    abnormalCount += totals[c]!;
  }
  const sp = matrix.counts[0]![0]! / normalCount;
  const se = exact / abnormalCount;
  const collapsedSe = (abnormalCount - calledNormal) / abnormalCount;
  return {
    ...{ se, sp, score: (se + sp) / 2 },
    ...(classes > 2 && { collapsedSe, collapsedScore: (collapsedSe + sp) / 2 }),
    ...{ normalCount, abnormalCount },
  };
}

/** Four classes read as two, Normal and Abnormal: any abnormal decision counts for any abnormal cycle. */
export function collapsed(matrix: ConfusionMatrix): ConfusionMatrix {
  const counts = [[0, 0], [0, 0]]; // biome-ignore format: one line
  matrix.counts.forEach((row, truth) => {
    row.forEach((count, predicted) => {
      counts[Math.min(truth, 1)]![Math.min(predicted, 1)]! += count;
    });
  });
  return { labels: ["Normal", "Abnormal"], counts };
}

/** The six numbers of the Glance-and-Gaze paper, 0 to 1, as its printed rows let them be understood (papers.md 4.1). */
export interface GlanceGazeScores {
  /** What the paper prints as "Acc.": (Sen + Spe) / 2, ICBHI's Score. */
  acc: number;
  /** Abnormal cycles given their exact class. */
  sen: number;
  /** Recall of normal. */
  spe: number;
  /** Macro precision. */
  pre: number;
  /** Macro recall. */
  rec: number;
  /** Harmonic mean of `pre` and `rec`, not the mean of the classes' F1; 0 when both are 0. */
  f1: number;
}

/** The Glance-and-Gaze paper's numbers from counts; means are over the classes that have cycles. */
export function glanceGazeScores(matrix: ConfusionMatrix): GlanceGazeScores {
  const { se, sp, score } = icbhiScores(matrix);
  const { precision: pre, recall: rec } = perClassScores(matrix).macro;
  const f1 = pre + rec === 0 ? 0 : (2 * pre * rec) / (pre + rec);
  return { acc: score, sen: se, spe: sp, pre, rec, f1 };
}
