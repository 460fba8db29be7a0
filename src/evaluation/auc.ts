/**
 * Area under the ROC curve as the rank statistic (Mann-Whitney U / (positives * negatives)); ties count one half.
 * @param scores higher means more positive, [items]; only their order matters; throws RangeError on NaN
 * @param isPositive [items]
 * @returns 0 to 1, NaN where positives or negatives are missing
 */
export function binaryAuc(scores: ArrayLike<number>, isPositive: ArrayLike<boolean>): number {
  const items = scores.length;
  if (isPositive.length !== items) throw new RangeError(`${items} scores, but ${isPositive.length} truths`);
  const order = new Uint32Array(items);
  for (let i = 0; i < items; i++) {
    if (Number.isNaN(scores[i])) throw new RangeError(`score of item ${i} is NaN`);
    order[i] = i;
  }
  order.sort((a, b) => (scores[a]! < scores[b]! ? -1 : scores[a]! > scores[b]! ? 1 : 0));

  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < items; ) {
    let end = start + 1;
    while (end < items && scores[order[end]!] === scores[order[start]!]) end++;
    const sharedRank = (start + 1 + end) / 2;
    for (let k = start; k < end; k++) {
      if (isPositive[order[k]!]) {
        positives++;
        rankSum += sharedRank;
      }
    }
    start = end;
  }
  const negatives = items - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** AUC of each class against the rest, and their mean. */
export interface Auc {
  /** The positive class's AUC for two classes, else the unweighted mean over the classes that are present. */
  macro: number;
  /** [classes]; NaN for a class that no item or every item has. */
  perClass: number[];
}

/**
 * AUC, one class against the rest.
 * @param scores probabilities, log-probabilities or logits of each class, [items, classes], row-major. For more than two
 *   classes a class's column must be comparable between items: probabilities or log-probabilities.
 * @param truths class indices, [items]
 */
export function aucOneVersusRest(scores: ArrayLike<number>, truths: ArrayLike<number>, classes: number): Auc {
  if (scores.length !== truths.length * classes) {
    throw new RangeError(`scores must hold ${truths.length} x ${classes} values, got ${scores.length}`);
  }
  const perClass: number[] = [];
  const column = new Float64Array(truths.length);
  for (let c = 0; c < classes; c++) {
    const isPositive = Array.from(truths, (truth) => truth === c);
    for (let i = 0; i < truths.length; i++) column[i] = scores[i * classes + c]!;
    perClass.push(binaryAuc(column, isPositive));
  }
  if (classes === 2) return { macro: perClass[1]!, perClass };
  const present = perClass.filter((auc) => !Number.isNaN(auc));
  return { macro: present.reduce((sum, auc) => sum + auc, 0) / present.length, perClass };
}
