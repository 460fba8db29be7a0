import { describe, expect, test } from "vitest";
import { meanCrossEntropy } from "../../src/evaluation/crossEntropy.js";
import { logSoftmaxRows } from "../../src/evaluation/logits.js";
import { fitTemperature } from "../../src/evaluation/temperature.js";
import { madeUpLogits } from "./madeUpLogits.js";

/*
 * SciPy 1.17.1, scikit-learn 1.9.1, L and y of madeUpLogits.ts:
 * nll = lambda t: log_loss(y, softmax(L / t, axis=1))
 * r = minimize_scalar(lambda u: nll(np.exp(u)), bounds=(np.log(0.01), np.log(100)), method="bounded", options={"xatol": 1e-12})
 * print(np.exp(r.x), r.fun, nll(1.0))
 */
const scipy = { temperature: 5.777104138762899, loss: 1.0169564323689726, lossBefore: 1.9063438208828554 };

describe("temperature", () => {
  test("is SciPy's minimum of the negative log-likelihood", () => {
    const { logits, truths, classes } = madeUpLogits();
    const found = fitTemperature(logits, truths, classes);
    // Where a parabola is flat to 1e-16, its place is known to about 1e-8.
    expect(found).toBeCloseTo(scipy.temperature, 5);
    expect(meanCrossEntropy(logSoftmaxRows(logits, classes, found), truths, classes)).toBeCloseTo(scipy.loss, 13);
    expect(meanCrossEntropy(logSoftmaxRows(logits, classes), truths, classes)).toBeCloseTo(scipy.lossBefore, 13);
  });

  test("closed form: logits (a, 0), right in three of four items, are as sure as right at a / ln 3", () => {
    for (const a of [0.3, 1, 8]) {
      expect(fitTemperature([a, 0, a, 0, a, 0, a, 0], [0, 0, 0, 1], 2)).toBeCloseTo(a / Math.log(3), 6);
    }
  });

  test("lies at an end of its range where every item is right, and where none is", () => {
    const { logits, classes } = madeUpLogits();
    const rows = Array.from({ length: 60 }, (_, i) => logits.slice(3 * i, 3 * i + 3));
    const [largest, least] = [Math.max, Math.min].map((end) => rows.map((row) => row.indexOf(end(...row))));
    expect(fitTemperature(logits, largest!, classes)).toBeCloseTo(0.01, 6);
    expect(fitTemperature(logits, least!, classes)).toBeCloseTo(100, 3);
  });

  test("of no items is refused", () => {
    expect(() => fitTemperature([], [], 3)).toThrow(RangeError);
  });
});

test("softmax of logits that are far apart neither overflows nor vanishes", () => {
  expect([...logSoftmaxRows([1000, 0, -1000, 0], 2)]).toEqual([0, -1000, -1000, 0]);
});
