import type { Preset, Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";

/** How encoder and head are pretrained with SupCon (papers.md 3.3 to 3.6). */
export interface PretrainingRecipe {
  epochs: number;
  /** Undefined: one pass, as many draws as training items. */
  stepsPerEpoch?: number;
  /** Items of a step; each is in it as two views. */
  batchSize: number;
  /** Of SGD. */
  learningRate: number;
  momentum: number;
  /** Coupled. */
  weightDecay: number;
  /** Epochs after which the learning rate is a tenth. */
  milestones: readonly number[];
  /** Of the loss, and the one that scales it. */
  temperature: number;
  baseTemperature: number;
  /** Values of an embedding (decision 43). */
  embedding: number;
  /** One linear layer, or two with ReLU between. */
  head: "linear" | "mlp";
  /** Of the encoder's output, before the head. */
  dropout: number;
  frames: number;
  /** Of a flip of the time axis in each view. */
  flipProbability: number;
  /**
   * Whether pretraining and classifier choose their epochs on the same items. "own" is the authors': each script draws another 20 %, so
   * that the classifier's epoch is chosen on items that the encoder was trained on (decision 41).
   */
  selectSlice: "shared" | "own";
  /**
   * What is kept: the epoch of the lowest loss on the select role. "last" is the authors': their snapshot refers to live tensors, and so
   * is the last epoch whenever it was taken (decision 44).
   */
  snapshot: "best" | "last";
  /** At most so many items of each role; undefined: all. */
  trainItems?: number;
  selectItems?: number;
}

/** Of the full budget. */
export const PRETRAINING_EPOCHS = 50;

export function pretrainingRecipe(
  level: "event" | "record",
  frames: number,
  preset: Preset,
  profile: Profile,
): PretrainingRecipe {
  const full: PretrainingRecipe = {
    epochs: PRETRAINING_EPOCHS,
    batchSize: 32,
    learningRate: 1e-3,
    momentum: 0.9,
    weightDecay: 1e-4,
    milestones: [70, 80, 90],
    temperature: 0.1,
    baseTemperature: 0.07,
    embedding: 512,
    head: "linear",
    dropout: 0.25,
    frames,
    flipProbability: 0.5,
    selectSlice: preset === "authors" ? "own" : "shared",
    snapshot: preset === "authors" ? "last" : "best",
  };
  if (profile === "full") return full;
  if (profile === "smoke")
    return { ...full, epochs: 2, stepsPerEpoch: 2, batchSize: 8, trainItems: 64, selectItems: 24 };
  return level === "event"
    ? { ...full, epochs: 3, stepsPerEpoch: 20, selectItems: 160 }
    : { ...full, epochs: 2, stepsPerEpoch: 16, batchSize: 8, selectItems: 64 };
}

/** What `--set pretraining.NAME=VALUE` may change, with what it is without. */
export function pretrainingOptions(recipe: PretrainingRecipe): RecipeOptions {
  return {
    epochs: { type: "whole number", about: "passes of the pretraining", from: 1, to: 10_000, default: recipe.epochs },
    stepsPerEpoch: {
      type: "whole number",
      about: "steps of an epoch; without it one pass over the training items",
      from: 1,
      to: 1_000_000,
      default: recipe.stepsPerEpoch,
    },
    batchSize: {
      type: "whole number",
      about: "items of a step, each as two views",
      from: 2,
      to: 1024,
      default: recipe.batchSize,
    },
    learningRate: { type: "number", about: "of SGD", above: 0, to: 10, default: recipe.learningRate },
    momentum: { type: "number", about: "of SGD", from: 0, to: 0.999, default: recipe.momentum },
    weightDecay: { type: "number", about: "of SGD, coupled", from: 0, to: 1, default: recipe.weightDecay },
    temperature: { type: "number", about: "of the SupCon loss", from: 0.01, to: 10, default: recipe.temperature },
    embedding: { type: "whole number", about: "values of an embedding", from: 2, to: 4096, default: recipe.embedding },
    head: {
      type: "choice",
      about: "one linear layer, or two with ReLU between",
      of: ["linear", "mlp"],
      default: recipe.head,
    },
    dropout: { type: "number", about: "before the head", from: 0, to: 0.9, default: recipe.dropout },
    flipProbability: {
      type: "number",
      about: "of a flip of the time axis in a view",
      from: 0,
      to: 1,
      default: recipe.flipProbability,
    },
    selectSlice: {
      type: "choice",
      about: "whether the pretraining holds out the classifier's select items or its own",
      of: ["shared", "own"],
      default: recipe.selectSlice,
      decidedBy: ["authors"],
    },
    snapshot: {
      type: "choice",
      about: "the epoch that is kept",
      of: ["best", "last"],
      default: recipe.snapshot,
      decidedBy: ["authors"],
    },
  };
}
