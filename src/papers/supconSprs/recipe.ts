import { UserError } from "../../userError.js";
import type { Preset, Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";

/** The network of a row that needs no pretraining. */
export type SupconNetwork = "resnet18" | "leanCnn";

/** What the rows of Table III that need no pretraining have in common (papers.md 3.2, 3.5, 3.6). */
export interface SupconRecipe {
  epochs: number;
  /** Undefined: one pass, as many draws as training items. */
  stepsPerEpoch?: number;
  batchSize: number;
  learningRate: number;
  /** Coupled. */
  weightDecay: number;
  /** Frames of the input; the paper truncates seconds x rate / hop. */
  frames: number;
  /** Of a flip of the time axis in training (decision 45). */
  flipProbability: number;
  /** "centre" or, as in the authors' loaders, a random place at test time too (decision 42). */
  evaluationCrop: "centre" | "random";
  /** At most so many items of each role (of each test set); undefined: all. */
  trainItems?: number;
  selectItems?: number;
  testItems?: number;
}

const SAMPLE_RATE_HZ = 8000;
const HOP = 128;
/** Clip length by level: events 3 s, recordings 15 s. */
const SECONDS = { event: 3, record: 15 } as const;

/** Settings of the plain rows, CNN and ResNet 18. `authors` differs where the paper and the authors' code do. */
export function plainRecipe(level: "event" | "record", preset: Preset, profile: Profile): SupconRecipe {
  const full: SupconRecipe = {
    epochs: 100,
    batchSize: 32,
    learningRate: 1e-3,
    weightDecay: 1e-4,
    frames: Math.trunc((SECONDS[level] * SAMPLE_RATE_HZ) / HOP),
    flipProbability: preset === "authors" ? 0 : 0.5,
    evaluationCrop: preset === "authors" ? "random" : "centre",
  };
  switch (profile) {
    case "full":
      return full;
    case "quick":
      // A recording is five times an event: smaller batches, so that the same minutes hold as many updates.
      return level === "event"
        ? { ...full, epochs: 4, stepsPerEpoch: 30, selectItems: 400 }
        : { ...full, epochs: 3, stepsPerEpoch: 32, batchSize: 8, selectItems: 120 };
    case "smoke":
      return { ...full, epochs: 2, stepsPerEpoch: 2, batchSize: 8, trainItems: 64, selectItems: 24, testItems: 24 };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/** What `--set` may change of a plain row, with what it is without. */
export function plainOptions(recipe: SupconRecipe): RecipeOptions {
  const { epochs, stepsPerEpoch, batchSize, learningRate, weightDecay, flipProbability, evaluationCrop } = recipe;
  return {
    epochs: { type: "whole number", about: "passes of training", from: 1, to: 10_000, default: epochs },
    stepsPerEpoch: {
      type: "whole number",
      about: "training steps of an epoch; without it one pass over the training items",
      from: 1,
      to: 1_000_000,
      default: stepsPerEpoch,
    },
    batchSize: { type: "whole number", about: "items of a step", from: 2, to: 1024, default: batchSize },
    learningRate: { type: "number", about: "of Adam", above: 0, to: 1, default: learningRate },
    weightDecay: { type: "number", about: "of Adam, coupled", from: 0, to: 1, default: weightDecay },
    flipProbability: {
      type: "number",
      about: "of a flip of the time axis in training",
      from: 0,
      to: 1,
      default: flipProbability,
      decidedBy: ["authors"],
    },
    evaluationCrop: {
      type: "choice",
      about: "where longer items are cut for evaluation",
      of: ["centre", "random"],
      default: evaluationCrop,
      decidedBy: ["authors"],
    },
  };
}
