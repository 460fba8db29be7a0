import { describe, expect, test } from "vitest";
import { reduction } from "../../../src/papers/shortenedRecipe.js";
import { supconRecipe } from "../../../src/papers/supconSprs/recipe.js";

const PLAIN = { network: "resnet18", mixUp: false, pretrained: false } as const;

describe("recipe of the plain ResNet 18 row", () => {
  // As printed: 3 s and 15 s at 8 kHz with hop 128 (equation 3 gives 187.5 and 937.5, truncated), Adam with learning rate 0.001
  // and weight decay 1e-4, batches of 32, 100 epochs for the rows without pretraining, flip with probability 0.5.
  test.each([
    ["event", 187],
    ["record", 937],
  ] as const)("has the paper's numbers: %s, %i frames", (level, frames) => {
    expect(supconRecipe(PLAIN, level, "paper", "full")).toEqual({
      epochs: 100,
      batchSize: 32,
      learningRate: 0.001,
      weightDecay: 0.0001,
      frames,
      flipProbability: 0.5,
      evaluationCrop: "centre",
    });
  });

  test("authors: crops at random in evaluation too, does not flip, and takes the last epoch", () => {
    expect(supconRecipe(PLAIN, "event", "authors", "full")).toEqual({
      ...supconRecipe(PLAIN, "event", "paper", "full"),
      flipProbability: 0,
      evaluationCrop: "random",
      snapshot: "last",
    });
  });

  test.each(["quick", "smoke"] as const)("%s takes less and changes neither the input nor the optimiser", (profile) => {
    for (const level of ["event", "record"] as const) {
      for (const preset of ["paper", "authors"] as const) {
        const { frames, learningRate, weightDecay, flipProbability, evaluationCrop } = supconRecipe(PLAIN, level, preset, "full"); // biome-ignore format: one line
        const reduced = supconRecipe(PLAIN, level, preset, profile);
        expect(reduced).toMatchObject({ frames, learningRate, weightDecay, flipProbability, evaluationCrop });
        expect(reduced.epochs).toBeLessThan(100);
        expect(reduced.testItems === undefined).toBe(profile === "quick");
      }
    }
  });

  test("refuses a profile that there is none of", () => {
    expect(() => supconRecipe(PLAIN, "event", "paper", "huge" as never)).toThrow(
      "--profile huge: must be smoke, quick or full",
    );
  });
});

describe("reduction in words", () => {
  const full = supconRecipe(PLAIN, "event", "paper", "full");

  test("says nothing of the full budget, whether its steps are counted or not", () => {
    expect(reduction(full, full, 167)).toBeUndefined();
    expect(reduction({ ...full, stepsPerEpoch: 167 }, full, 167)).toBeUndefined();
  });

  test.each([
    [{ epochs: 6, stepsPerEpoch: 24 }, "reduced budget: 6 epochs of 24 steps of 32 instead of 100 of 167 of 32"],
    [{ batchSize: 16 }, "reduced budget: 100 epochs of 167 steps of 16 instead of 100 of 167 of 32"],
    [{ testItems: 24 }, "reduced budget: at most 24 items of each test set"],
    [{ epochs: 2, testItems: 5 }, "reduced budget: 2 of 100 epochs; at most 5 items of each test set"],
  ])("%j", (over, words) => {
    expect(reduction({ ...full, ...over }, full, 167)).toBe(words);
  });

  test.each([{ trainItems: 64 }, { selectItems: 24 }])("%j is a reduced budget too", (over) => {
    expect(reduction({ ...full, ...over }, full, 167)).toContain("reduced budget: at most");
  });
});
