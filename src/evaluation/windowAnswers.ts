import { decisionsOf, logSoftmaxRows } from "./logits.js";
import { majorityVote } from "./majorityVote.js";

/** One answer for each item of one or several windows. */
export interface WindowAnswers {
  /** Logarithms of the mean probabilities over an item's windows, `[items, classes]`. */
  logits: Float32Array;
  /** What most windows of an item were called, the lowest class among equals (papers.md 5.2), [items]. */
  decisions: Int32Array;
}

/** Which window of which item each is, item after item. @param counts windows of each item, [items] */
export function windowsSeen(counts: readonly number[]): { index: number; window: number }[] {
  return counts.flatMap((count, index) => Array.from({ length: count }, (_, window) => ({ index, window })));
}

/**
 * @param logits of all windows, item after item, `[windows, classes]`
 * @param counts windows of each item, at least one, [items]
 * @throws RangeError where the counts do not add up to the windows, or an item has none
 */
export function windowAnswers(logits: Float32Array, counts: readonly number[], classes: number): WindowAnswers {
  const windows = counts.reduce((sum, count) => sum + count, 0);
  const missing = counts.findIndex((count) => !(Number.isInteger(count) && count >= 1));
  if (missing >= 0) throw new RangeError(`item ${missing} has ${counts[missing]} windows; it needs one or more`);
  if (windows * classes !== logits.length) {
    throw new RangeError(
      `${windows} windows of ${classes} classes need ${windows * classes} logits, got ${logits.length}`,
    );
  }
  const groups = counts.flatMap((count, item) => new Array<string>(count).fill(`${item}`));
  const decisions = Int32Array.from(majorityVote(groups, decisionsOf(logits, classes)).values());
  const logProbabilities = logSoftmaxRows(logits, classes);
  const means = new Float32Array(counts.length * classes);
  let window = 0;
  for (const [item, count] of counts.entries()) {
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let w = window; w < window + count; w++) sum += Math.exp(logProbabilities[w * classes + c]!);
      means[item * classes + c] = Math.log(Math.max(sum / count, Number.MIN_VALUE));
    }
    window += count;
  }
  return { logits: means, decisions };
}
