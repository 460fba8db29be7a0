import { UserError } from "../../userError.js";
import type { Preset, Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import type { ShortenedRecipe } from "../shortenedRecipe.js";
import type { RespirenetRow } from "./rows.js";

/** What a training cycle shorter than the clip is filled up with; the authors' code repeats it, in front or behind by chance. */
export const PADDINGS = ["smart", "zero", "reflect", "double-and-attach"] as const;
export type RespirenetPadding = (typeof PADDINGS)[number];

/** How a row is trained (papers.md 5.2 to 5.6). */
export interface RespirenetRecipe extends ShortenedRecipe {
  // ---- clip and picture ---------------------------------------------------------------------------
  seconds: number;
  bandPass: boolean;
  padding: RespirenetPadding;
  /** Whether cycles are filled up with their neighbours at test time too, which tells their labels (decision 57). */
  smartPaddingAtTest: boolean;
  imageScale: 1 | 3;
  /** Blank-region clipping. */
  clipBlank: boolean;

  // ---- augmentation -------------------------------------------------------------------------------
  augmentation: boolean;
  /** How new cycles are put together: as the authors' code does, of the class alone, or not at all (decision 58). */
  cba: "none" | "code" | "same-class";
  /** Every class is filled up to so many times the normal items. */
  cbaScale: number;
  mixUpAlpha?: number;

  // ---- training -----------------------------------------------------------------------------------
  /** Class-balanced draws with replacement. */
  balanced: boolean;
  classWeights: boolean;
  learningRate: number;
  momentum: number;
  weightDecay: number;
  /** What an epoch is chosen by. */
  chooseBy: "score" | "accuracy";
  /** Of rows that are fine-tuned by device. */
  fineTuning?: { epochs: number; learningRate: number };
}

/** A row's settings. `authors` differs where the paper and the authors' code do (decisions 55 to 57). */
export function respirenetRecipe(
  row: RespirenetRow,
  { preset, profile }: { preset: Preset; profile: Profile },
): RespirenetRecipe {
  const authors = preset === "authors";
  const full: RespirenetRecipe = {
    epochs: 200,
    batchSize: 64,
    seconds: row.seconds ?? (authors ? 8 : 7),
    bandPass: !authors,
    padding: row.padding ?? (authors ? "double-and-attach" : "smart"),
    smartPaddingAtTest: false,
    imageScale: 3,
    clipBlank: row.clipBlank,
    augmentation: row.augmentation ?? true,
    cba: row.cba ? "code" : "none",
    cbaScale: 1,
    ...(row.mixUpAlpha !== undefined && { mixUpAlpha: row.mixUpAlpha }),
    balanced: true,
    classWeights: true,
    learningRate: 1e-3,
    momentum: 0.9,
    weightDecay: 5e-4,
    chooseBy: authors ? "accuracy" : "score",
    ...(row.fineTuned && { fineTuning: { epochs: 50, learningRate: 1e-4 } }),
  };
  const { fineTuning } = full;
  const tuned = (epochs: number) => (fineTuning ? { fineTuning: { ...fineTuning, epochs } } : {});
  switch (profile) {
    case "full":
      return full;
    case "quick":
      return { ...full, imageScale: 1, epochs: 4, stepsPerEpoch: 20, batchSize: 16, selectItems: 200, ...tuned(2) };
    case "smoke":
      return {
        ...{ ...full, imageScale: 1, epochs: 2, stepsPerEpoch: 2, batchSize: 4, ...tuned(1) },
        ...{ trainItems: 60, selectItems: 16, testItems: 16 },
      };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/** What `--set` may change of a row, with what it is without. */
export function respirenetOptions(recipe: RespirenetRecipe): RecipeOptions {
  const whole = (about: string, from: number, to: number, value: number | undefined) =>
    ({ type: "whole number", about, from, to, default: value }) as const;
  const positive = (about: string, to: number, value: number) =>
    ({ type: "number", about, above: 0, to, default: value }) as const;
  const on = (about: string, value: boolean) => ({ type: "switch", about, default: value }) as const;
  return {
    epochs: whole("passes of training", 1, 100_000, recipe.epochs),
    stepsPerEpoch: whole("training steps of an epoch; without it as many as the items fill", 1, 1_000_000, recipe.stepsPerEpoch), // biome-ignore format: one line
    batchSize: whole("items of a step", 2, 1024, recipe.batchSize),
    selectItems: whole("held-out cycles that an epoch is chosen by at most; without it all", 1, 1_000_000, recipe.selectItems), // biome-ignore format: one line
    seconds: { type: "number", about: "length of a clip in seconds", from: 0.5, to: 60, default: recipe.seconds },
    bandPass: on("filter from 200 to 1,800 Hz", recipe.bandPass),
    padding: {
      type: "choice",
      about: "what a short training cycle is filled up with: its neighbours, zeros, itself backwards, itself",
      of: PADDINGS,
      default: recipe.padding,
    },
    smartPaddingAtTest: on("neighbours at test time too, chosen by their labels: a leak", recipe.smartPaddingAtTest),
    imageScale: whole("enlargement of the picture: 3, or 1 for a ninth of the pixels", 1, 3, recipe.imageScale),
    clipBlank: on("clipping of blank rows at the top of the picture", recipe.clipBlank),
    augmentation: on("standard augmentation of the waveform", recipe.augmentation),
    cba: {
      type: "choice",
      about: "how new training cycles are put together of two",
      of: ["none", "code", "same-class"],
      default: recipe.cba,
    },
    cbaScale: positive("new cycles: every class up to so many times the normal ones", 10, recipe.cbaScale),
    balanced: on("class-balanced draws", recipe.balanced),
    classWeights: on("weights of the classes in the loss: 0.1 of normal, 0.3 of the others", recipe.classWeights),
    learningRate: positive("of stochastic gradient descent", 1, recipe.learningRate),
    weightDecay: { type: "number", about: "of stochastic gradient descent, coupled", from: 0, to: 1, default: recipe.weightDecay }, // biome-ignore format: one line
  };
}

/** @throws UserError for an enlargement that the paper does not have */
export function requireImageScale({ imageScale }: Pick<RespirenetRecipe, "imageScale">): void {
  if (imageScale !== 1 && imageScale !== 3)
    throw new UserError(`--set imageScale=${imageScale as number}: must be 1 or 3`);
}
