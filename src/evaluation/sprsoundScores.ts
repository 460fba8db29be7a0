import type { SprSoundTaskId } from "../datasets/sprsound/tasks.js";
import type { ConfusionMatrix } from "./confusion.js";
import { rowTotals } from "./confusion.js";

/** The challenge's scores of one task on one set, 0 to 1. A value is NaN where the set lacks the items that it needs. */
export interface SprSoundScores {
  /** Sensitivity: adventitious items given their exact class. */
  se: number;
  /** Specificity: Normal items called Normal. */
  sp: number;
  /** Average score, (SE + SP) / 2. */
  as: number;
  /** Harmonic score, 2 SE SP / (SE + SP); 0 when both are 0. */
  hs: number;
  /** (AS + HS) / 2. */
  score: number;
  /** Items that stand in the denominator of SP. */
  normalCount: number;
  /** Items that stand in the denominator of SE. */
  adventitiousCount: number;
}

/**
 * SE, SP, AS, HS and Score of the SPRSound challenge, from counts over the full label list of the task.
 * @param matrix Normal at index 0
 * @param t index of the first adventitious class (`adventitiousFrom` of the task); throws RangeError unless 1 <= t < classes
 */
export function sprSoundScores(matrix: ConfusionMatrix, t: number): SprSoundScores {
  const classes = matrix.labels.length;
  if (!Number.isInteger(t) || t < 1 || t >= classes) {
    throw new RangeError(`t must be an index from 1 to ${classes - 1}, got ${t}`);
  }
  const totals = rowTotals(matrix);
  let hits = 0;
  let adventitiousCount = 0;
  for (let i = t; i < classes; i++) {
    hits += matrix.counts[i]![i]!;
    adventitiousCount += totals[i]!;
  }
  const normalCount = totals[0]!;
  const se = hits / adventitiousCount;
  const sp = matrix.counts[0]![0]! / normalCount;
  return { ...combineSeSp(se, sp), normalCount, adventitiousCount };
}

/** AS, HS and Score of given SE and SP. */
export function combineSeSp(se: number, sp: number): { se: number; sp: number; as: number; hs: number; score: number } {
  const average = (se + sp) / 2;
  const harmonic = se + sp === 0 ? 0 : (2 * se * sp) / (se + sp);
  return { se, sp, as: average, hs: harmonic, score: (average + harmonic) / 2 };
}

/** The paper's single test score: the mean of the scores of several sets, value by value; counts are summed. */
export function meanOfSets(sets: readonly SprSoundScores[]): SprSoundScores {
  if (sets.length === 0) throw new RangeError("nothing to average: the list of sets is empty");
  const mean = (value: (scores: SprSoundScores) => number) =>
    sets.reduce((sum, scores) => sum + value(scores), 0) / sets.length;
  return {
    se: mean((s) => s.se),
    sp: mean((s) => s.sp),
    as: mean((s) => s.as),
    hs: mean((s) => s.hs),
    score: mean((s) => s.score),
    normalCount: sets.reduce((sum, s) => sum + s.normalCount, 0),
    adventitiousCount: sets.reduce((sum, s) => sum + s.adventitiousCount, 0),
  };
}

/**
 * The challenge's Total: 0.2 S11 + 0.3 S12 + 0.2 S21 + 0.3 S22 + 0.1 Bonus.
 * @param scores Score of each task, 0 to 1
 * @param bonus run-time bonus, 0 to 1, normalised to the best submission's; throws RangeError outside
 */
export function sprSoundTotal(scores: Readonly<Record<SprSoundTaskId, number>>, bonus = 0): number {
  if (!(bonus >= 0 && bonus <= 1)) throw new RangeError(`bonus must lie between 0 and 1, got ${bonus}`);
  return 0.2 * scores["11"] + 0.3 * scores["12"] + 0.2 * scores["21"] + 0.3 * scores["22"] + 0.1 * bonus;
}
