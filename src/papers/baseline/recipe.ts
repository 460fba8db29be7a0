import { UserError } from "../../userError.js";
import type { Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import type { ShortenedRecipe } from "../shortenedRecipe.js";

/** How the floor is trained: Adam at a constant rate, class-balanced draws, cross-entropy. */
export interface BaselineRecipe extends ShortenedRecipe {
  learningRate: number;
  /** Coupled. */
  weightDecay: number;
}

/** The recipe with a profile's budget. Throws UserError for a profile that is none. */
export function baselineRecipe(profile: Profile): BaselineRecipe {
  const full: BaselineRecipe = { epochs: 30, batchSize: 32, learningRate: 1e-3, weightDecay: 1e-4 };
  switch (profile) {
    case "full":
      return full;
    case "quick":
      return { ...full, epochs: 4, stepsPerEpoch: 60 };
    case "smoke":
      return { ...full, epochs: 2, stepsPerEpoch: 2, batchSize: 8, trainItems: 64, selectItems: 24, testItems: 24 };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/** What `--set` may change, with what it is without. */
export function baselineOptions({
  epochs,
  stepsPerEpoch,
  batchSize,
  learningRate,
  weightDecay,
}: BaselineRecipe): RecipeOptions {
  return {
    epochs: { type: "whole number", about: "passes of training", from: 1, to: 10_000, default: epochs },
    stepsPerEpoch: {
      type: "whole number",
      about: "training steps of an epoch; without it one pass over the training cycles",
      from: 1,
      to: 1_000_000,
      default: stepsPerEpoch,
    },
    batchSize: { type: "whole number", about: "cycles of a step", from: 2, to: 1024, default: batchSize },
    learningRate: { type: "number", about: "of Adam", above: 0, to: 1, default: learningRate },
    weightDecay: { type: "number", about: "of Adam, coupled", from: 0, to: 1, default: weightDecay },
  };
}
