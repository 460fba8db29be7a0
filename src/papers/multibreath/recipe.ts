import { UserError } from "../../userError.js";
import { type CycleRecipe, cycleOptions, inputOption, withProfile } from "../cycleRecipe.js";
import type { Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import type { ShortenedRecipe } from "../shortenedRecipe.js";
import { type LabelOutputs, requireThreshold } from "./labels.js";
import type { MultibreathNorm } from "./network.js";
import type { MultibreathBackbone, MultibreathRow } from "./rows.js";

/** Heads whose temperatures are known (papers.md 2.3). */
export const HEADS = [1, 2, 4, 6] as const;

/** How a row is trained (papers.md 2.1 to 2.6). */
export interface MultibreathRecipe extends CycleRecipe {
  frontEnd: "mel" | "learnable";
  /** Of the mel map: 256 as printed (8.16 s), or 251 (8 s) (decision 30). */
  frames: 251 | 256;
  /** How decibels are scaled: with `batch-minmax` what is answered of a cycle depends on those beside it (decision 31). */
  norm: MultibreathNorm;

  // ---- network ------------------------------------------------------------------------------------
  backbone: MultibreathBackbone;
  head: "plain" | "csra";
  /** Of the attention head. */
  heads: number;
  /** Weight of the attention's part (decision 29). */
  lambda: number;
  /** Whether scores are divided by their classifier vector's length (decision 28). */
  normalised: boolean;
  /** How maps are averaged, and where the input's axes stand: as the closest relative's, as PANNs', or plainly. */
  pooling: "relative" | "panns" | "mean";
  dropout: number;

  // ---- what is minimised --------------------------------------------------------------------------
  targets: MultibreathRow["targets"];
  /** Outputs of a multi-label network (decision 25). */
  labels: LabelOutputs;
  /** Above which of two outputs a label is there. */
  threshold: number;
  classWeights: "none" | "inverse";

  // ---- training -----------------------------------------------------------------------------------
  augmentation: "default" | "paper-literal" | "none";
  /** Of rows whose backbone learns SPRSound's events before. */
  pretraining?: MultibreathPretraining;
}

/** How a backbone learns SPRSound's events: with the plain head, by cross-entropy, otherwise as the row does. */
export interface MultibreathPretraining {
  epochs: number;
  stepsPerEpoch?: number;
  batchSize: number;
  trainItems?: number;
  selectItems?: number;
}

/** Of a run (decision 35), and of the pretraining before it. */
export const FULL_EPOCHS = 100;
export const PRETRAINING_EPOCHS = 50;

/** PANNs' ResNet22 has dropout within its blocks; in the other backbones it is off, as in the closest relative. */
const DROPOUT: Readonly<Record<MultibreathBackbone, number>> = { CNN6: 0, CNN14: 0, ResNet22: 0.1, MobileNetV2: 0 };

/** A row's settings. */
export function multibreathRecipe(row: MultibreathRow, profile: Profile): MultibreathRecipe {
  const { backbone, head, targets, frontEnd = "mel", heads = 6, lambda = 0.1 } = row;
  const full: MultibreathRecipe = {
    ...{ input: "audio", frontEnd, frames: 256, norm: "training-set" },
    ...{ backbone, head, heads, lambda, normalised: true, pooling: "relative", dropout: DROPOUT[backbone] },
    ...{ targets, labels: 2, threshold: 0.5, classWeights: "none" },
    ...{ augmentation: "default", learningRate: 1e-3, finalLearningRate: 1e-6, weightDecay: 1e-4 },
    ...{ epochs: FULL_EPOCHS, batchSize: 64 },
    ...(row.pretrained && { pretraining: { epochs: PRETRAINING_EPOCHS, batchSize: 64 } }),
  };
  const own = withProfile(full, profile);
  const { pretraining } = full;
  return pretraining ? { ...own, pretraining: shorter(pretraining, profile) } : own;
}

function shorter(pretraining: MultibreathPretraining, profile: Profile): MultibreathPretraining {
  const { testItems: _, ...own } = withProfile<MultibreathPretraining & ShortenedRecipe>(pretraining, profile);
  return profile === "full" ? own : { ...own, epochs: own.epochs / 2 };
}

/** What `--set` may change of a row, with what it is without. */
export function multibreathOptions(recipe: MultibreathRecipe): RecipeOptions {
  const whole = (about: string, from: number, to: number, value: number | undefined) =>
    ({ type: "whole number", about, from, to, default: value }) as const;
  const number = (about: string, from: number, to: number, value: number) =>
    ({ type: "number", about, from, to, default: value }) as const;
  const choice = (about: string, of: readonly string[], value: string) =>
    ({ type: "choice", about, of, default: value }) as const;
  const { frontEnd, head, targets } = recipe;
  return {
    ...(frontEnd === "mel" && {
      ...inputOption(recipe),
      frames: whole("of the mel map: 256 as printed (8.16 s), or 251 (8 s)", 251, 256, recipe.frames),
      norm: choice(
        "decibels at the training set's mean and deviation, or by each batch's smallest and largest value, when tested too",
        ["training-set", "batch-minmax"],
        recipe.norm,
      ),
    }),
    ...(head === "csra" && {
      heads: whole(`of the attention: ${HEADS.join(", ")}`, 1, 6, recipe.heads),
      lambda: number("weight of the attention's part of the logits", 0, 100, recipe.lambda),
      normalised: {
        type: "switch" as const,
        about: "scores divided by the length of their classifier vector",
        default: recipe.normalised,
      },
    }),
    pooling: choice(
      "how maps are averaged: over time, then maximum and mean over frequency; as PANNs' weights want it; or plainly",
      ["relative", "panns", "mean"],
      recipe.pooling,
    ),
    ...(recipe.backbone !== "MobileNetV2" && {
      dropout: number("share of values that are dropped in the backbone", 0, 0.9, recipe.dropout),
    }),
    ...(targets === "multi-label" && {
      labels: whole("outputs: 2 (crackle, wheeze) or 4 (normal, crackle, wheeze, both)", 2, 4, recipe.labels),
      threshold: number("of two outputs: above it a label is there", 0, 1, recipe.threshold),
    }),
    classWeights: choice("weights of cycles in the loss: none, or by the rarity of their class", ["none", "inverse"], recipe.classWeights), // biome-ignore format: one line
    augmentation: choice(
      frontEnd === "mel"
        ? "masks of the map: at most 20 bands and 40 frames, as printed (40 bands and 20 frames), or none"
        : "changes of speed and pitch, or none",
      frontEnd === "mel" ? ["default", "paper-literal", "none"] : ["default", "none"],
      recipe.augmentation,
    ),
    ...cycleOptions(recipe),
  };
}

/** @throws UserError for settings that the paper does not have, or that do not go together */
export function requireMultibreath({ frames, heads, labels, threshold, head, targets }: MultibreathRecipe): void {
  if (frames !== 256 && frames !== 251) throw new UserError(`--set frames=${frames as number}: must be 256 or 251`);
  if (labels !== 2 && labels !== 4) throw new UserError(`--set labels=${labels as number}: must be 2 or 4`);
  if (head === "csra" && !HEADS.includes(heads as (typeof HEADS)[number])) {
    throw new UserError(`--set heads=${heads}: there are temperatures of ${HEADS.join(", ")} heads`);
  }
  if (targets === "multi-label") requireThreshold(labels, threshold);
}
