/**
 * Mean negative log-likelihood of the true classes, in nats (`sklearn.metrics.log_loss`).
 * @param logProbabilities natural logarithms, [items, classes], row-major
 * @param truths class indices, [items]; throws RangeError where one is none, or for an empty list
 */
export function meanCrossEntropy(
  logProbabilities: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
): number {
  const items = truths.length;
  if (items === 0) throw new RangeError("no items to average the cross-entropy over");
  if (logProbabilities.length !== items * classes) {
    throw new RangeError(`log-probabilities must hold ${items} x ${classes} values, got ${logProbabilities.length}`);
  }
  let sum = 0;
  for (let i = 0; i < items; i++) {
    const truth = truths[i]!;
    if (!Number.isInteger(truth) || truth < 0 || truth >= classes) {
      throw new RangeError(`truth of item ${i} must be a class index from 0 to ${classes - 1}, got ${truth}`);
    }
    sum -= logProbabilities[i * classes + truth]!;
  }
  return sum / items;
}
