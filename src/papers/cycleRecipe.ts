import { UserError } from "../userError.js";
import type { IcbhiInput } from "./icbhiRunData.js";
import type { Profile } from "./paper.js";
import type { RecipeOptions } from "./recipeOption.js";
import type { ShortenedRecipe } from "./shortenedRecipe.js";

/** How a classifier of ICBHI's cycles is trained: by Adam, along a half-cosine of the learning rate. */
export interface CycleRecipe extends ShortenedRecipe {
  /** What inputs are made of: each cycle's audio, or the stored maps of all cycles through an adapter. */
  input: IcbhiInput;
  /** At the beginning. */
  learningRate: number;
  /** At the end of the half-cosine. */
  finalLearningRate: number;
  /** Coupled. */
  weightDecay: number;
}

/** A recipe with what a profile shortens. Throws UserError for a profile that is none. */
export function withProfile<R extends ShortenedRecipe>(full: R, profile: Profile): R {
  switch (profile) {
    case "full":
      return full;
    case "quick":
      return { ...full, epochs: 4, stepsPerEpoch: 15, batchSize: 16, selectItems: 200 };
    case "smoke":
      return { ...full, epochs: 2, stepsPerEpoch: 2, batchSize: 6, trainItems: 48, selectItems: 16, testItems: 16 };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/** What `--set` may change of every such recipe. */
export function cycleOptions(recipe: CycleRecipe): RecipeOptions {
  const whole = (about: string, from: number, to: number, value: number | undefined) =>
    ({ type: "whole number", about, from, to, default: value }) as const;
  const { epochs, stepsPerEpoch, batchSize, trainItems, selectItems } = recipe;
  return {
    epochs: whole("passes of training", 1, 100_000, epochs),
    stepsPerEpoch: whole(
      "training steps of an epoch; without it one pass over the training cycles",
      1,
      1_000_000,
      stepsPerEpoch,
    ),
    batchSize: whole("cycles of a step", 2, 1024, batchSize),
    trainItems: whole("training cycles at most, taken evenly; without it all", 2, 1_000_000, trainItems),
    selectItems: whole("held-out cycles that an epoch is chosen by at most; without it all", 1, 1_000_000, selectItems),
    learningRate: { type: "number", about: "of Adam, at the beginning", above: 0, to: 1, default: recipe.learningRate },
    weightDecay: { type: "number", about: "of Adam, coupled", from: 0, to: 1, default: recipe.weightDecay },
  };
}

/** Of recipes that know both: what inputs are made of. */
export function inputOption({ input }: CycleRecipe): RecipeOptions {
  const about = "what inputs are made of: each cycle's audio, or the stored log-mel maps of all cycles";
  return { input: { type: "choice", about, of: ["audio", "icbhi-logmel"], default: input } };
}
