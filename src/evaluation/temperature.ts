import { meanCrossEntropy } from "./crossEntropy.js";
import { logSoftmaxRows } from "./logits.js";

const LOWEST = 0.01;
const HIGHEST = 100;
/** Each step leaves 0.618 of the range: after 60 it is below 1e-11 of a natural logarithm. */
const STEPS = 60;

/**
 * The temperature by which logits are divided so that the mean negative log-likelihood is smallest (Guo et al. 2017,
 * section 4.2). It has a single minimum, found by golden-section search over the logarithm of the temperature from 0.01 to
 * 100. Where it falls on and on, the answer lies at that range's end: the low one where every item is right, the high one where the
 * logits are worse than none; logits that are all alike have no temperature, and get the low end.
 * @param logits `[items, classes]`, row-major
 * @param truths class indices, [items]; throws RangeError for an empty list
 */
export function fitTemperature(logits: ArrayLike<number>, truths: ArrayLike<number>, classes: number): number {
  const loss = (logTemperature: number) =>
    meanCrossEntropy(logSoftmaxRows(logits, classes, Math.exp(logTemperature)), truths, classes);
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(LOWEST);
  let high = Math.log(HIGHEST);
  let left = high - ratio * (high - low);
  let right = low + ratio * (high - low);
  let atLeft = loss(left);
  let atRight = loss(right);
  for (let step = 0; step < STEPS; step++) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - ratio * (high - low);
      atLeft = loss(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + ratio * (high - low);
      atRight = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}
