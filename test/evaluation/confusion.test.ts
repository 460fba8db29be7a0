import { describe, expect, it } from "vitest";
import {
  accuracy,
  confusionOf,
  countDecision,
  emptyConfusion,
  rowShares,
  rowTotals,
  sumConfusions,
} from "../../src/evaluation/confusion.js";
import { perClassScores } from "../../src/evaluation/perClass.js";

// scikit-learn 1.9.1:
//   t=[0,0,0,0,1,1,3,3,3,4,4,4]; p=[0,0,3,1,1,0,3,2,3,4,4,0]
//   confusion_matrix(t,p,labels=range(5)).tolist(); accuracy_score(t,p)
//   precision_recall_fscore_support(t,p,labels=range(5),zero_division=0)
//   precision_recall_fscore_support(t,p,labels=[0,1,3,4],average="macro",zero_division=0)
const labels = ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"];
const truths = [0, 0, 0, 0, 1, 1, 3, 3, 3, 4, 4, 4];
const predictions = [0, 0, 3, 1, 1, 0, 3, 2, 3, 4, 4, 0];
const matrix = confusionOf(labels, truths, predictions);

describe("confusion matrix", () => {
  it("equals scikit-learn's, with a class that never occurs in its place", () => {
    expect(matrix).toEqual({
      labels,
      counts: [
        [2, 1, 0, 1, 0],
        [1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 1, 2, 0],
        [1, 0, 0, 0, 2],
      ],
    });
    expect(accuracy(matrix)).toBeCloseTo(0.5833333333333334, 15);
    expect(rowTotals(matrix)).toEqual([4, 2, 0, 3, 3]);
  });

  it("keeps a row without samples at zero in the shares", () => {
    expect(rowShares(matrix)[2]).toEqual([0, 0, 0, 0, 0]);
    expect(rowShares(matrix)[0]).toEqual([0.5, 0.25, 0, 0.25, 0]);
  });

  it("sums parts to the whole", () => {
    const parts = [confusionOf(labels, truths.slice(0, 5), predictions.slice(0, 5))];
    parts.push(confusionOf(labels, truths.slice(5), predictions.slice(5)));
    expect(sumConfusions(parts)).toEqual(matrix);
  });

  it("refuses what is no decision", () => {
    expect(() => countDecision(emptyConfusion(["a", "b"]), 2, 0)).toThrow(/truth .*0 to 1, got 2/);
    expect(() => countDecision(emptyConfusion(["a", "b"]), 0, Number.NaN)).toThrow(/predicted .*got NaN/);
    expect(() => confusionOf(["a", "b"], [0], [])).toThrow("1 truths, but 0 predictions");
    expect(() => emptyConfusion([])).toThrow("at least one label");
    expect(() => emptyConfusion(["a", "a"])).toThrow("labels repeat");
    expect(() => sumConfusions([emptyConfusion(["a"]), emptyConfusion(["b"])])).toThrow("label lists differ");
    expect(accuracy(emptyConfusion(["a"]))).toBeNaN();
  });
});

describe("per-class scores", () => {
  it("equal scikit-learn's, the absent class flagged and outside the macro average", () => {
    const scores = perClassScores(matrix);
    const close = (got: number[], expected: number[]) => {
      got.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 14);
      });
    };
    const column = (name: "precision" | "recall" | "f1" | "support") => scores.classes.map((c) => c[name]);
    close(column("precision"), [0.5, 0.5, 0, 0.6666666666666666, 1]);
    close(column("recall"), [0.5, 0.5, 0, 0.6666666666666666, 0.6666666666666666]);
    close(column("f1"), [0.5, 0.5, 0, 0.6666666666666666, 0.8]);
    expect(column("support")).toEqual([4, 2, 0, 3, 3]);
    expect(scores.absent).toEqual(["CAS"]);
    close(
      [scores.macro.precision, scores.macro.recall, scores.macro.f1],
      [0.6666666666666666, 0.5833333333333333, 0.6166666666666667],
    );
  });
});
