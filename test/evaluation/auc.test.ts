import { describe, expect, it } from "vitest";
import { aucOneVersusRest, binaryAuc } from "../../src/evaluation/auc.js";
import { meanCrossEntropy } from "../../src/evaluation/crossEntropy.js";

// NumPy and scikit-learn 1.9.1; two digits, so that ties occur:
//   rng=np.random.default_rng(7); y=rng.integers(0,4,40); s=np.round(rng.dirichlet(np.ones(4),40),2)
//   y.tolist(); s.ravel().tolist(); [roc_auc_score(y==c,s[:,c]) for c in range(4)] and their mean
//   roc_auc_score(y>1,s[:,1])
//   q=np.clip(s,0.01,None); q=q/q.sum(1,keepdims=True); log_loss(y,q,labels=range(4))
const truths = [
  3, 2, 2, 3, 2, 3, 3, 0, 0, 1, 1, 3, 3, 0, 1, 3, 0, 3, 0, 1, 3, 1, 1, 1, 2, 1, 3, 1, 1, 2, 2, 2, 2, 3, 3, 3, 2, 2, 1,
  3,
];
const scores = [
  0.13, 0.23, 0.59, 0.05, 0.01, 0.29, 0.18, 0.52, 0.18, 0.19, 0.44, 0.19, 0.01, 0.15, 0.52, 0.32, 0.55, 0.0, 0.35, 0.1,
  0.04, 0.36, 0.16, 0.44, 0.39, 0.51, 0.03, 0.07, 0.09, 0.42, 0.45, 0.05, 0.24, 0.66, 0.04, 0.06, 0.14, 0.3, 0.44, 0.11,
  0.41, 0.24, 0.3, 0.05, 0.58, 0.21, 0.2, 0.01, 0.29, 0.28, 0.28, 0.15, 0.35, 0.4, 0.17, 0.09, 0.53, 0.21, 0.23, 0.03,
  0.08, 0.67, 0.24, 0.01, 0.24, 0.09, 0.53, 0.15, 0.14, 0.06, 0.0, 0.79, 0.09, 0.38, 0.03, 0.51, 0.01, 0.75, 0.08, 0.16,
  0.25, 0.42, 0.11, 0.23, 0.19, 0.08, 0.4, 0.33, 0.1, 0.22, 0.34, 0.34, 0.01, 0.78, 0.0, 0.21, 0.49, 0.11, 0.26, 0.14,
  0.01, 0.25, 0.38, 0.36, 0.83, 0.03, 0.04, 0.11, 0.04, 0.11, 0.57, 0.27, 0.08, 0.1, 0.76, 0.07, 0.21, 0.34, 0.23, 0.22,
  0.43, 0.06, 0.16, 0.35, 0.19, 0.62, 0.03, 0.15, 0.06, 0.2, 0.09, 0.66, 0.14, 0.42, 0.26, 0.18, 0.51, 0.25, 0.14, 0.11,
  0.03, 0.69, 0.19, 0.09, 0.25, 0.1, 0.18, 0.47, 0.14, 0.54, 0.06, 0.25, 0.5, 0.22, 0.01, 0.27, 0.46, 0.34, 0.15, 0.06,
];

describe("AUC", () => {
  it("equals scikit-learn's for each class and on average", () => {
    const auc = aucOneVersusRest(scores, truths, 4);
    [0.5028571428571429, 0.45768025078369906, 0.44666666666666666, 0.3667582417582418].forEach((expected, c) => {
      expect(auc.perClass[c]).toBeCloseTo(expected, 14);
    });
    expect(auc.macro).toBeCloseTo(0.44349057551643756, 14);
  });

  it("of two classes is the positive class's", () => {
    const binary = truths.flatMap((_, i) => [1 - scores[i * 4 + 1]!, scores[i * 4 + 1]!]);
    const auc = aucOneVersusRest(
      binary,
      truths.map((truth) => (truth > 1 ? 1 : 0)),
      2,
    );
    expect(auc.macro).toBeCloseTo(0.4635416666666667, 14);
    expect(auc.perClass[0]).toBeCloseTo(auc.macro, 14);
  });

  it("is the share of ordered pairs, ties one half", () => {
    const positives = truths.map((truth) => truth === 3);
    const column = truths.map((_, i) => scores[i * 4 + 3]!);
    let wins = 0;
    let pairs = 0;
    for (let a = 0; a < column.length; a++) {
      for (let b = 0; b < column.length; b++) {
        if (!positives[a] || positives[b]) continue;
        pairs++;
        wins += column[a]! > column[b]! ? 1 : column[a] === column[b] ? 0.5 : 0;
      }
    }
    expect(binaryAuc(column, positives)).toBeCloseTo(wins / pairs, 14);
  });

  it("leaves out absent classes, and says NaN where there is nothing to rank", () => {
    const auc = aucOneVersusRest([0.8, 0.1, 0.1, 0.2, 0.1, 0.7], [0, 2], 3);
    expect(auc.perClass[1]).toBeNaN();
    expect(auc.macro).toBe(1);
    expect(binaryAuc([0.1, 0.2], [true, true])).toBeNaN();
    expect(() => binaryAuc([Number.NaN], [true])).toThrow("score of item 0 is NaN");
    expect(() => aucOneVersusRest([1, 2], [0, 1], 2)).toThrow("2 x 2");
  });
});

describe("mean cross-entropy", () => {
  it("equals scikit-learn's log_loss", () => {
    const clipped = scores.map((share) => Math.max(share, 0.01));
    const logProbabilities = clipped.map((share, k) => {
      const start = k - (k % 4);
      return Math.log(share / clipped.slice(start, start + 4).reduce((a, b) => a + b, 0));
    });
    expect(meanCrossEntropy(logProbabilities, truths, 4)).toBeCloseTo(1.8858445680021911, 12);
  });

  it("refuses truths that are no class and empty lists", () => {
    expect(() => meanCrossEntropy([0, 0], [2], 2)).toThrow("truth of item 0 must be a class index from 0 to 1, got 2");
    expect(() => meanCrossEntropy([], [], 2)).toThrow("no items");
  });
});
