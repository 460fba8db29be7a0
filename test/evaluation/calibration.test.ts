import { describe, expect, test } from "vitest";
import { type CalibrationBins, calibrationOf } from "../../src/evaluation/calibration.js";
import { madeUpLogits } from "./madeUpLogits.js";

/*
 * SciPy 1.17.1, scikit-learn 1.9.1, L and y of madeUpLogits.ts, P = softmax(L, axis=1):
 * def ece(conf, hit, bins=15):
 *   e = 0.0
 *   for b in range(bins):
 *     m = (conf >= b/bins) & ((conf < (b+1)/bins) | (b == bins-1))
 *     if m.any(): e += m.mean() * abs(hit[m].mean() - conf[m].mean())
 *   return e
 * print(log_loss(y, P), brier_score_loss(y, P, scale_by_half=False), ece(P.max(1), P.argmax(1) == y))
 * Q = softmax(L / 2.5, axis=1); print(ece(Q.max(1), P.argmax(1) == y))
 * print(np.mean([ece(P[:, k], y == k) for k in range(3)]), np.histogram(P.max(1), bins=15, range=(0, 1))[0])
 */
const numpy = {
  loss: 1.9063438208828554,
  brier: 0.8383765143842451,
  ece: 0.39370709650559865,
  eceAt2Point5: 0.2607068428740258,
  classwiseEce: 0.2926756272987328,
  counts: [0, 0, 0, 0, 0, 0, 0, 4, 3, 3, 5, 3, 7, 10, 25],
};

const { logits, truths, classes } = madeUpLogits();
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("calibration", () => {
  test("errors, Brier score and loss as numpy's and scikit-learn's", () => {
    const found = calibrationOf(logits, truths, classes);
    expect(found.ece).toBeCloseTo(numpy.ece, 12);
    expect(found.classwiseEce).toBeCloseTo(numpy.classwiseEce, 12);
    expect(found.brier).toBeCloseTo(numpy.brier, 12);
    expect(found.loss).toBeCloseTo(numpy.loss, 12);
    expect(found.equalWidth.counts).toEqual(numpy.counts);
    expect(calibrationOf(logits, truths, classes, 2.5).ece).toBeCloseTo(numpy.eceAt2Point5, 12);
  });

  test("bins of equal counts hold equally many items, and their error is that of slices of the sorted items", () => {
    const { equalCounts, eceOfEqualCounts } = calibrationOf(logits, truths, classes, 1, 6);
    expect(equalCounts.counts).toEqual([10, 10, 10, 10, 10, 10]);
    const items = truths.map((truth, i) => {
      const own = logits.slice(3 * i, 3 * i + 3);
      const confidence = Math.max(...own.map((z) => 1 / sum(own.map((other) => Math.exp(other - z)))));
      return { confidence, right: own.indexOf(Math.max(...own)) === truth };
    });
    items.sort((a, b) => a.confidence - b.confidence);
    let error = 0;
    for (let from = 0; from < 60; from += 10) {
      const slice = items.slice(from, from + 10);
      error +=
        Math.abs(sum(slice.map(({ confidence }) => confidence)) - slice.filter(({ right }) => right).length) / 60;
    }
    expect(eceOfEqualCounts).toBeCloseTo(error, 12);
  });

  test("items that are alike stay in one bin, whatever their order", () => {
    const alike = Array.from({ length: 8 }, () => [1, 0]).flat();
    const { equalCounts } = calibrationOf(alike, [0, 0, 0, 0, 0, 0, 1, 1], 2, 1, 4);
    expect(equalCounts.counts).toEqual([0, 0, 0, 8]);
    expect(equalCounts.right).toEqual([0, 0, 0, 6]);
  });

  test("a model that is as sure as right has no error; one that is sure and wrong has all of it", () => {
    // ln 3: three of four right, at confidence 3/4.
    const fair = calibrationOf([Math.log(3), 0, Math.log(3), 0, Math.log(3), 0, Math.log(3), 0], [0, 0, 0, 1], 2);
    expect([fair.ece, fair.eceOfEqualCounts, fair.classwiseEce].map((value) => value.toFixed(12))).toEqual(
      Array(3).fill("0.000000000000"),
    );
    expect(fair.brier).toBeCloseTo(2 * (3 / 4) * (1 / 4), 12);
    const wrong = calibrationOf([800, 0, 800, 0], [1, 1], 2);
    expect(wrong).toMatchObject({ ece: 1, eceOfEqualCounts: 1, classwiseEce: 1, brier: 2, loss: 800 });
  });

  test("every item is in one bin, and a bin without items has no confidence", () => {
    const check = ({ counts, right, confidence }: CalibrationBins) => {
      expect(sum(counts)).toBe(60);
      counts.forEach((count, b) => {
        expect(right[b]).toBeLessThanOrEqual(count);
        expect(confidence[b] === null).toBe(count === 0);
      });
    };
    const { equalWidth, equalCounts } = calibrationOf(logits, truths, classes);
    check(equalWidth);
    check(equalCounts);
  });

  test("of no items is refused", () => {
    expect(() => calibrationOf([], [], 2)).toThrow("no items");
  });
});
