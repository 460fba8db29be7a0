import { describe, expect, test } from "vitest";
import { isIcbhi } from "../../src/evaluation/assessment.js";
import { clusteredEstimate } from "../../src/evaluation/clusteredEstimate.js";
import { assessIcbhi } from "../../src/evaluation/icbhiAssessment.js";
import { icbhiScores } from "../../src/evaluation/icbhiScores.js";
import { Streams } from "../../src/random/streams.js";
import { madeUpLogits } from "./madeUpLogits.js";

const { logits, truths } = madeUpLogits();
const examples = truths.map((label, i) => ({ label, patient: `${100 + (i % 12)}`, device: i % 12 < 5 ? "A" : "B" }));
const request = { examples, logits: Float32Array.from(logits), labels: ["Normal", "Crackle", "Wheeze"] };

describe("assessment of a set of cycles", () => {
  /*
   * scikit-learn 1.9.1, L and y of madeUpLogits.ts, P = softmax(L, axis=1):
   * print(confusion_matrix(y, P.argmax(1)).tolist(), roc_auc_score(y, P, multi_class="ovr"), log_loss(y, P))
   */
  test("counts, AUC and loss as scikit-learn's, scores from the counts", () => {
    const found = assessIcbhi(request);
    expect(found.confusion.counts).toEqual([[9, 6, 7], [4, 14, 4], [5, 2, 9]]); // biome-ignore format: one line
    expect(found.auc).toBeCloseTo(0.6568480861244019, 12);
    // Logits are kept in float32: 7 digits.
    expect(found.loss).toBeCloseTo(1.9063438208828554, 6);
    expect(found.scores).toMatchObject({ sp: 9 / 22, se: 23 / 38, collapsedSe: 29 / 38 });
    expect(isIcbhi(found)).toBe(true);
    expect(found.intervals).toBeUndefined();
    expect(found.examples).toBe(60);
  });

  test("patients and devices add up to the whole", () => {
    const { confusion, byPatient, byDevice } = assessIcbhi(request);
    expect(byPatient).toHaveLength(12);
    expect(byDevice!.map(({ device }) => device)).toEqual(["A", "B"]);
    for (const parts of [byPatient, byDevice!]) {
      const sum = confusion.counts.map((row, i) =>
        row.map((_, j) => parts.reduce((total, { matrix }) => total + matrix.counts[i]![j]!, 0)),
      );
      expect(sum).toEqual(confusion.counts);
    }
  });

  test("intervals are those of each score over the patients, of four classes also read as two", () => {
    const resampling = { draws: 200, streams: new Streams(3) };
    const { intervals, byPatient } = assessIcbhi({ ...request, resampling });
    const { value } = clusteredEstimate({
      ...{ runs: [[byPatient]], draws: 200, streams: new Streams(3) },
      metrics: (pooled) => ({ value: icbhiScores(pooled).collapsedScore! }),
    });
    expect(intervals!.collapsedScore!.low).toBeCloseTo(value.low, 12);
    expect(intervals!.collapsedScore!.high).toBeCloseTo(value.high, 12);
    expect(intervals!.score.draws).toBe(200);
    const two = assessIcbhi({
      ...{ labels: ["Normal", "Abnormal"], resampling, logits: request.logits.filter((_, i) => i % 3 < 2) },
      examples: examples.map((example) => ({ ...example, label: Math.min(1, example.label) })),
    });
    expect(Object.keys(two.intervals!).sort()).toEqual(["score", "se", "sp"]);
  });
});
