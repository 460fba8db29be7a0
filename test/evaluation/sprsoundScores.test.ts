import { describe, expect, it } from "vitest";
import { confusionOf, emptyConfusion } from "../../src/evaluation/confusion.js";
import { combineSeSp, meanOfSets, sprSoundScores, sprSoundTotal } from "../../src/evaluation/sprsoundScores.js";

const records = ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"];

describe("SPRSound scores", () => {
  it("follow the formulas by hand", () => {
    // 3 of 4 Normal right; 2 of 5 adventitious in their exact class; two Poor Quality count nowhere.
    const scores = sprSoundScores(
      confusionOf(records, [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4], [0, 0, 0, 2, 1, 0, 2, 3, 3, 1, 2]),
      2,
    );
    expect(scores.sp).toBeCloseTo(3 / 4, 15);
    expect(scores.se).toBeCloseTo(2 / 5, 15);
    expect(scores.as).toBeCloseTo(23 / 40, 15);
    expect(scores.hs).toBeCloseTo(12 / 23, 15);
    expect(scores.score).toBeCloseTo((23 / 40 + 12 / 23) / 2, 15);
    expect([scores.normalCount, scores.adventitiousCount]).toEqual([4, 5]);
  });

  it("do not let a class that is absent shift the indices", () => {
    // Without Poor Quality a matrix of the occurring labels only would start the adventitious rows at DAS.
    const truths = [0, 0, 0, 0, 0, 2, 2, 3, 3, 4];
    const predictions = [0, 0, 0, 0, 2, 3, 3, 3, 3, 4];
    const scores = sprSoundScores(confusionOf(records, truths, predictions), 2);
    expect(scores.se).toBeCloseTo(3 / 5, 15);
    const shifted = ["Normal", "CAS", "DAS", "CAS & DAS"];
    const compact = (c: number) => (c === 0 ? 0 : c - 1);
    const wrong = sprSoundScores(confusionOf(shifted, truths.map(compact), predictions.map(compact)), 2);
    expect(wrong.se).toBeCloseTo(1, 15);
  });

  it("agree with the paper's figure 3: row shares and true counts give the printed inter-test Scores", () => {
    // papers.md 3.7: fig3's diagonal with 0.2's inter counts gives 0.850 (11) and 0.749 (21); printed 0.851 and 0.745.
    const task11 = combineSeSp(0.99, 0.73);
    expect(task11.score).toBeCloseTo(0.85, 3);
    expect(combineSeSp(0.89, 0.63).score).toBeCloseTo(0.749, 3);
  });

  it("have HS 0 where SE and SP are 0, and NaN where a kind of item is missing", () => {
    expect(sprSoundScores(confusionOf(["N", "A"], [0, 1], [1, 0]), 1)).toMatchObject({ as: 0, hs: 0, score: 0 });
    const normalOnly = sprSoundScores(confusionOf(["N", "A"], [0, 0], [0, 0]), 1);
    expect(normalOnly.sp).toBe(1);
    expect(normalOnly.se).toBeNaN();
    expect(normalOnly.score).toBeNaN();
    expect(normalOnly.hs).toBeNaN();
    expect(() => sprSoundScores(emptyConfusion(["N", "A"]), 2)).toThrow("t must be an index from 1 to 1, got 2");
  });

  it("average sets as the paper does, score by score", () => {
    const inter = sprSoundScores(confusionOf(["N", "A"], [0, 0, 1, 1], [0, 0, 1, 0]), 1);
    const intra = sprSoundScores(confusionOf(["N", "A"], [0, 0, 1], [0, 1, 1]), 1);
    const mean = meanOfSets([inter, intra]);
    expect(mean.score).toBeCloseTo((inter.score + intra.score) / 2, 15);
    expect([mean.normalCount, mean.adventitiousCount]).toEqual([4, 3]);
  });

  it("make the abstract's Total of 0.729", () => {
    expect(sprSoundTotal({ "11": 0.769, "12": 0.632, "21": 0.662, "22": 0.512 }, 1)).toBeCloseTo(0.7294, 10);
    expect(() => sprSoundTotal({ "11": 0, "12": 0, "21": 0, "22": 0 }, 1.5)).toThrow("bonus");
  });
});
