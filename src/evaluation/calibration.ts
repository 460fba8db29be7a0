import { meanCrossEntropy } from "./crossEntropy.js";
import { decisionsOf, logSoftmaxRows } from "./logits.js";

/** Items by how sure the model was of its decision, from the least sure bin to the surest; plain JSON. */
export interface CalibrationBins {
  /** [bins + 1], 0 to 1; bin `b` holds confidences from `edges[b]` up to, but not with, `edges[b + 1]`; the last one with. */
  edges: number[];
  /** Items, [bins]. */
  counts: number[];
  /** Items that were decided right, [bins]. */
  right: number[];
  /** Mean probability of the decided class, [bins]; null where there are no items. */
  confidence: (number | null)[];
}

/** How well a model's probabilities agree with how often it is right; values from 0 to 1 but the two proper scores. */
export interface Calibration {
  /** Expected calibration error over bins of equal width (Guo et al. 2017, equation 3). */
  ece: number;
  /** The same over bins of equally many items. */
  eceOfEqualCounts: number;
  /** Mean over the classes of the error of each class's probability, bins of equal width (Kull et al. 2019, equation 2). */
  classwiseEce: number;
  /** Mean squared distance of probabilities and truth, summed over the classes: 0 to 2. */
  brier: number;
  /** Mean negative log-likelihood, nats. */
  loss: number;
  equalWidth: CalibrationBins;
  equalCounts: CalibrationBins;
}

/** Bins of a reliability diagram (Guo et al. 2017). */
const BINS = 15;

/**
 * Calibration of a set's decisions.
 * @param logits `[items, classes]`, row-major
 * @param truths class indices, [items]; throws RangeError for an empty list
 * @param temperature logits are divided by it
 */
export function calibrationOf(
  logits: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  temperature = 1,
  bins = BINS,
): Calibration {
  const logProbabilities = logSoftmaxRows(logits, classes, temperature);
  const loss = meanCrossEntropy(logProbabilities, truths, classes);
  const probabilities = logProbabilities.map(Math.exp);
  const decisions = decisionsOf(logits, classes);
  const confidences = Float64Array.from(decisions, (decided, i) => Math.min(1, probabilities[i * classes + decided]!));
  const right = Array.from(decisions, (decided, i) => decided === truths[i]);
  const widths = Array.from({ length: bins + 1 }, (_, b) => b / bins);
  const equalWidth = binned(confidences, right, widths);
  const equalCounts = binned(confidences, right, edgesOfEqualCounts(confidences, bins));

  let classwise = 0;
  let brier = 0;
  for (let c = 0; c < classes; c++) {
    const ofClass = Float64Array.from(decisions, (_, i) => Math.min(1, probabilities[i * classes + c]!));
    const isClass = Array.from(decisions, (_, i) => truths[i] === c);
    classwise += expectedCalibrationError(binned(ofClass, isClass, widths)) / classes;
    for (let i = 0; i < decisions.length; i++) brier += (ofClass[i]! - Number(isClass[i])) ** 2;
  }
  return {
    ece: expectedCalibrationError(equalWidth),
    eceOfEqualCounts: expectedCalibrationError(equalCounts),
    classwiseEce: classwise,
    brier: brier / decisions.length,
    loss,
    equalWidth,
    equalCounts,
  };
}

/** Mean distance of accuracy and confidence over the items, 0 to 1; NaN without items. */
export function expectedCalibrationError({ counts, right, confidence }: CalibrationBins): number {
  const items = counts.reduce((sum, count) => sum + count, 0);
  let error = 0;
  counts.forEach((count, b) => {
    if (count > 0) error += Math.abs(right[b]! - count * confidence[b]!);
  });
  return error / items;
}

function binned(values: Float64Array, hits: readonly boolean[], edges: number[]): CalibrationBins {
  const bins = edges.length - 1;
  const counts = Array<number>(bins).fill(0);
  const right = Array<number>(bins).fill(0);
  const sums = Array<number>(bins).fill(0);
  values.forEach((value, i) => {
    let bin = bins - 1;
    while (bin > 0 && value < edges[bin]!) bin--;
    counts[bin]!++;
    sums[bin]! += value;
    if (hits[i]) right[bin]!++;
  });
  return { edges, counts, right, confidence: sums.map((sum, b) => (counts[b] === 0 ? null : sum / counts[b]!)) };
}

/**
 * Edges at the values of the items with which each bin begins; who is alike stays together, so that the order of the items
 * does not matter, and a bin may be empty.
 */
function edgesOfEqualCounts(values: Float64Array, bins: number): number[] {
  const sorted = values.slice().sort();
  const inner = Array.from({ length: bins - 1 }, (_, b) => sorted[Math.floor(((b + 1) * sorted.length) / bins)]!);
  return [0, ...inner, 1];
}
