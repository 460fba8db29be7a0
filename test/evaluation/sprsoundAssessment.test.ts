import { describe, expect, test } from "vitest";
import { assessSprSound, meanAssessment } from "../../src/evaluation/sprsoundAssessment.js";
import { Streams } from "../../src/random/streams.js";

/*
 * scikit-learn 1.9.1, numpy:
 * L = np.array([[2,1,0],[0,0,0],[1,3,1],[0,1,2],[1,1,4],[5,1,0.5]], float); y = np.array([0,0,1,2,2,1])
 * p = np.exp(L); p /= p.sum(1, keepdims=True)
 * print(log_loss(y, p), roc_auc_score(y, p, multi_class="ovr", average="macro"), confusion_matrix(y, L.argmax(1)).tolist())
 * M = np.array([[2,1],[0,3],[1,1],[-40,60],[-50,60],[1,0]], float); z = np.array([0,1,0,1,1,1])  # and the same for M, z with M[:,1]-M[:,0]
 */
const three = {
  logits: Float32Array.of(2, 1, 0, 0, 0, 0, 1, 3, 1, 0, 1, 2, 1, 1, 4, 5, 1, 0.5),
  truths: [0, 0, 1, 2, 2, 1],
  loss: 1.0462153299968355,
  auc: 0.75,
  confusion: [[2, 0, 0], [1, 1, 0], [0, 0, 2]],
}; // biome-ignore format: a matrix
const two = {
  logits: Float32Array.of(2, 1, 0, 3, 1, 1, -40, 60, -50, 60, 1, 0),
  truths: [0, 1, 0, 1, 1, 1],
  loss: 0.39470965119502227,
  auc: 0.8125,
  confusion: [[2, 0], [1, 3]],
}; // biome-ignore format: a matrix

const assess = (
  { logits, truths }: { logits: Float32Array; truths: number[] },
  over: Partial<Parameters<typeof assessSprSound>[0]> = {},
) =>
  assessSprSound({
    examples: truths.map((label, i) => ({ label, patient: `patient ${i % 3}` })),
    logits,
    labels: Array.from({ length: logits.length / truths.length }, (_, i) => `class ${i}`),
    adventitiousFrom: 1,
    ...over,
  });

describe("assessment of one set", () => {
  test.each([
    ["three classes", three],
    ["two classes, logits far apart", two],
  ])("loss, AUC and counts as scikit-learn's: %s", (_, set) => {
    const found = assess(set);
    expect(found.confusion.counts).toEqual(set.confusion);
    expect(found.loss).toBeCloseTo(set.loss, 12);
    expect(found.auc).toBeCloseTo(set.auc, 12);
    expect(found.examples).toBe(6);
    expect(found.intervals).toBeUndefined();
  });

  test("scores by hand: SE over the adventitious classes, SP over Normal", () => {
    // Classes 1 and 2 adventitious: 3 of 4 exact; Normal 2 of 2.
    const { scores } = assess(three);
    expect(scores).toMatchObject({ se: 0.75, sp: 1, as: 0.875, normalCount: 2, adventitiousCount: 4 });
    expect(scores.hs).toBeCloseTo(6 / 7, 15);
    // From class 2 on: class 1 (Poor Quality's place) counts nowhere.
    expect(assess(three, { adventitiousFrom: 2 }).scores).toMatchObject({ se: 1, sp: 1, adventitiousCount: 2 });
  });

  test("a tie goes to the first class", () => {
    // The second item of each has equal logits in all classes, or in both.
    expect(assess({ logits: Float32Array.of(0, 0, 0), truths: [2] }).confusion.counts).toEqual([[0, 0, 0], [0, 0, 0], [1, 0, 0]]); // biome-ignore format: one line
    expect(assess({ logits: Float32Array.of(-1, 7, 7), truths: [2] }).confusion.counts[2]).toEqual([0, 1, 0]);
  });

  test("without adventitious items there is no SE, and so no Score; an absent class keeps its row", () => {
    const found = assess({ logits: Float32Array.of(2, 0, 0, 1), truths: [0, 0] });
    expect(found.scores.sp).toBe(0.5);
    for (const value of [found.scores.se, found.scores.as, found.scores.score, found.auc]) expect(value).toBeNaN();
    expect(found.confusion.counts).toEqual([[1, 1], [0, 0]]); // biome-ignore format: one line
  });

  test("counts by patient add up to the whole", () => {
    const { byPatient, confusion } = assess(three);
    expect(byPatient.map(({ patient }) => patient)).toEqual(["patient 0", "patient 1", "patient 2"]);
    const sum = confusion.counts.map((row, i) =>
      row.map((_, j) => byPatient.reduce((total, { matrix }) => total + matrix.counts[i]![j]!, 0)),
    );
    expect(sum).toEqual(confusion.counts);
  });

  test("intervals where asked for: of patients who are all alike, no wider than a point", () => {
    const examples = [0, 0, 0, 1, 1, 1].map((label, i) => ({ label, patient: `${i % 3}` }));
    const logits = Float32Array.of(1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1);
    const resampling = { draws: 50, streams: new Streams(1) };
    const { intervals } = assess({ logits, truths: [0, 0, 0, 1, 1, 1] }, { examples, resampling });
    expect(intervals!.score).toEqual({ low: 1, high: 1, draws: 50, degenerate: 0 });
  });
});

test("the mean of sets is taken value by value", () => {
  const half = assess({ logits: Float32Array.of(1, 0, 1, 0), truths: [0, 1] });
  const whole = assess({ logits: Float32Array.of(1, 0, 0, 1), truths: [0, 1] });
  // SE 0 and 1, SP 1 and 1; HS 0 and 1, which is not the HS of the means.
  const { scores } = meanAssessment([half, whole], 1);
  expect(scores).toMatchObject({ se: 0.5, sp: 1, as: 0.75, hs: 0.5, score: 0.625 });
});
