import { describe, expect, test } from "vitest";
import { accuracy, confusionOf } from "../../src/evaluation/confusion.js";
import { collapsed, glanceGazeScores, icbhiScores } from "../../src/evaluation/icbhiScores.js";
import { perClassScores } from "../../src/evaluation/perClass.js";

const labels = ["Normal", "Crackle", "Wheeze", "Both"];

/*
 * scikit-learn 1.9.1:
 * M = np.array([[70,12,10,8],[9,20,3,4],[6,2,11,1],[2,5,4,3]])
 * t = np.repeat(np.arange(4), M.sum(1)); p = np.concatenate([np.repeat(np.arange(4), r) for r in M])
 * recall_score(t, p, labels=[0], average="micro"), recall_score(t, p, labels=[1, 2, 3], average="micro"), recall_score(t > 0, p > 0)
 * accuracy_score(t, p), precision_score(t, p, average="macro"), recall_score(t, p, average="macro"), f1_score(t, p, average="macro")
 */
const matrix = { labels, counts: [[70, 12, 10, 8], [9, 20, 3, 4], [6, 2, 11, 1], [2, 5, 4, 3]] }; // biome-ignore format: a matrix
const sklearn = {
  sp: 0.7,
  se: 0.4857142857142857,
  collapsedSe: 0.7571428571428571,
  accuracy: 0.611764705882353,
  precision: 0.47444383920677025,
  recall: 0.5049603174603174,
  f1: 0.48508244206773615,
};

describe("ICBHI's scores", () => {
  test("of four classes as scikit-learn's recalls, exact and read as two classes", () => {
    const found = icbhiScores(matrix);
    expect(found.sp).toBeCloseTo(sklearn.sp, 15);
    expect(found.se).toBeCloseTo(sklearn.se, 15);
    expect(found.score).toBeCloseTo((sklearn.sp + sklearn.se) / 2, 15);
    expect(found.collapsedSe).toBeCloseTo(sklearn.collapsedSe, 15);
    expect(found.collapsedScore).toBeCloseTo((sklearn.sp + sklearn.collapsedSe) / 2, 15);
    expect(found).toMatchObject({ normalCount: 100, abnormalCount: 70 });
    expect(accuracy(matrix)).toBeCloseTo(sklearn.accuracy, 15);
  });

  test("variant B is the two-class score of the collapsed matrix, with the same Sp", () => {
    const two = icbhiScores(collapsed(matrix));
    const { sp, collapsedSe, collapsedScore } = icbhiScores(matrix);
    expect([two.sp, two.se, two.score]).toEqual([sp, collapsedSe, collapsedScore]);
    expect(two).not.toHaveProperty("collapsedSe");
    expect(collapsed(matrix).counts).toEqual([[70, 30], [17, 53]]); // biome-ignore format: one line
  });

  test("are not defined without normal or without abnormal cycles; an empty class alone changes nothing", () => {
    const noNormal = icbhiScores(confusionOf(labels, [1, 2, 3], [1, 0, 2]));
    expect(noNormal.se).toBeCloseTo(1 / 3, 15);
    for (const value of [noNormal.sp, noNormal.score, noNormal.collapsedScore]) expect(value).toBeNaN();
    expect(noNormal.collapsedSe).toBeCloseTo(2 / 3, 15);
    const noAbnormal = icbhiScores(confusionOf(labels, [0, 0], [0, 3]));
    expect(noAbnormal.sp).toBe(0.5);
    for (const value of [noAbnormal.se, noAbnormal.score, noAbnormal.collapsedSe]) expect(value).toBeNaN();
    expect(icbhiScores(confusionOf(labels, [0, 1], [0, 1]))).toMatchObject({ se: 1, sp: 1, score: 1 });
    expect(() => icbhiScores(confusionOf(["Normal"], [0], [0]))).toThrow(RangeError);
  });
});

describe("Glance-and-Gaze's numbers", () => {
  test("Acc. is ICBHI's Score, the macro means are scikit-learn's, F1 is of those means and not the mean of F1", () => {
    const { acc, sen, spe, pre, rec, f1 } = glanceGazeScores(matrix);
    expect([acc, sen, spe]).toEqual([(sklearn.sp + sklearn.se) / 2, sklearn.se, sklearn.sp]);
    expect(pre).toBeCloseTo(sklearn.precision, 15);
    expect(rec).toBeCloseTo(sklearn.recall, 15);
    expect(f1).toBeCloseTo((2 * sklearn.precision * sklearn.recall) / (sklearn.precision + sklearn.recall), 15);
    expect(perClassScores(matrix).macro.f1).toBeCloseTo(sklearn.f1, 15);
    expect(Math.abs(f1 - sklearn.f1)).toBeGreaterThan(1e-3);
  });

  test("leave a class without cycles out of the means, and have F1 0 where nothing is right", () => {
    // Both has no cycle: recall is the mean of 1, 1/2 and 0; precision of 2/3, 1 and 0.
    const without = glanceGazeScores(confusionOf(labels, [0, 0, 1, 1, 2], [0, 0, 1, 0, 3]));
    expect(without.rec).toBeCloseTo(0.5, 15);
    expect(without.pre).toBeCloseTo((2 / 3 + 1) / 3, 15);
    expect(glanceGazeScores(confusionOf(labels, [0, 1], [1, 0]))).toMatchObject({ pre: 0, rec: 0, f1: 0, acc: 0 });
  });
});
