import { UserError } from "../../userError.js";
import type { IcbhiInput } from "../icbhiRunData.js";
import type { Preset, Profile } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import type { ShortenedRecipe } from "../shortenedRecipe.js";
import { AUGMENTATIONS, type Augmentations } from "./augmentation.js";
import type { CycleguardianRow } from "./rows.js";

/** How a row is trained (papers.md 1.3 to 1.6). */
export interface CycleguardianRecipe extends ShortenedRecipe {
  /** What a run's maps are made of: 3 channels of each cycle's audio, or the stored maps of all cycles through an adapter. */
  input: IcbhiInput;
  /** Of Adam; divided by ten, from the beginning, where the first epochs diverge (decision 14). */
  learningRate: number;
  weightDecay: number;
  /** After which shares of the epochs the rate is multiplied by 0.33. */
  milestones: readonly number[];
  /** Of the moving average of the weights, which is what is evaluated and kept (decision 16). */
  averageDecay: number;

  // ---- groups and network -------------------------------------------------------------------------
  framesPerGroup: number;
  /** Frames from one group's first to the next one's. */
  groupStride: number;
  clusters: number;
  /** Statistics of batch normalisation for each group position, as in the authors' loop (decision 15). */
  bnPerGroup: boolean;

  // ---- what is minimised --------------------------------------------------------------------------
  /** The similarity of clusters: not minimised, plain, or with a learnt matrix. */
  similarity: "none" | "cos" | "soft cos";
  /** Denominator and matrix of the soft cosine (decision 11). */
  softCosine: "code" | "paper";
  /** Group mix and its contrast. */
  contrast: boolean;
  temperature: number;
  /** Which others of the batch a mixed item is pushed away from. */
  negatives: "all" | "other labels";
  /** The contrast's projector: trained, or left as it was drawn, as in the authors' code (decision 10). */
  projector: "trained" | "frozen-random";
  /** Whether no gradient flows through the clustering's target (decision 13). */
  detachTarget: boolean;
  clusteringWeight: number;
  contrastWeight: number;
  similarityWeight: number;

  // ---- data ---------------------------------------------------------------------------------------
  augmentation: Augmentations;
}

/** A row's settings. `authors` differs where the paper and the authors' code do (decisions 6, 7, 10, 15). */
export function cycleguardianRecipe(
  row: CycleguardianRow,
  { classes, preset, profile }: { classes: number; preset: Preset; profile: Profile },
): CycleguardianRecipe {
  const authors = preset === "authors";
  const framesPerGroup = row.framesPerGroup ?? 20;
  const full: CycleguardianRecipe = {
    input: "audio",
    epochs: 600,
    batchSize: 128,
    learningRate: 0.01,
    weightDecay: 0,
    milestones: authors ? AUTHORS_MILESTONES[classes === 2 ? "binary" : "four"] : [0.25, 0.5, 0.75],
    averageDecay: 0.1,
    framesPerGroup,
    groupStride: row.framesPerGroup === undefined ? 15 : framesPerGroup,
    clusters: authors ? 4 : 5,
    bnPerGroup: authors,
    similarity: row.similarity,
    softCosine: "code",
    contrast: row.contrast,
    temperature: 0.06,
    negatives: "all",
    projector: authors ? "frozen-random" : "trained",
    detachTarget: false,
    clusteringWeight: 128,
    contrastWeight: 0.5,
    similarityWeight: 0.2,
    augmentation: row.augmentation,
  };
  switch (profile) {
    case "full":
      return full;
    case "quick":
      return { ...full, epochs: 4, stepsPerEpoch: 10, batchSize: 16, selectItems: 200 };
    case "smoke":
      return { ...full, epochs: 2, stepsPerEpoch: 2, batchSize: 6, trainItems: 48, selectItems: 16, testItems: 16 };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/** Of 600 epochs (papers.md 1.6). */
const AUTHORS_MILESTONES = {
  four: [200 / 600, 350 / 600, 450 / 600, 550 / 600],
  binary: [150 / 600, 300 / 600, 450 / 600, 500 / 600],
} as const;

/** What `--set` may change of a row, with what it is without. */
export function cycleguardianOptions(recipe: CycleguardianRecipe): RecipeOptions {
  const whole = (about: string, from: number, to: number, value: number | undefined) =>
    ({ type: "whole number", about, from, to, default: value }) as const;
  const positive = (about: string, to: number, value: number) =>
    ({ type: "number", about, above: 0, to, default: value }) as const;
  const weight = (about: string, value: number) =>
    ({ type: "number", about, from: 0, to: 10_000, default: value }) as const;
  const { similarity, contrast } = recipe;
  return {
    input: {
      type: "choice",
      about: "what maps are made of: each cycle's audio, or the stored log-mel maps of all cycles",
      of: ["audio", "icbhi-logmel"],
      default: recipe.input,
    },
    epochs: whole("passes of training", 1, 100_000, recipe.epochs),
    stepsPerEpoch: whole(
      "training steps of an epoch; without it one pass over the training cycles",
      1,
      1_000_000,
      recipe.stepsPerEpoch,
    ),
    batchSize: whole("cycles of a step", 2, 1024, recipe.batchSize),
    selectItems: whole(
      "held-out cycles that an epoch is chosen by at most; without it all",
      1,
      1_000_000,
      recipe.selectItems,
    ),
    learningRate: positive(
      "of Adam; where the first epochs diverge the run begins anew at a tenth",
      1,
      recipe.learningRate,
    ),
    weightDecay: weight("of Adam, coupled", recipe.weightDecay),
    averageDecay: {
      type: "number",
      about: "of the weights' moving average",
      from: 0,
      to: 0.99999,
      default: recipe.averageDecay,
    },
    framesPerGroup: whole("frames of a group", 2, 1000, recipe.framesPerGroup),
    groupStride: whole("frames from one group's first to the next one's", 1, 1000, recipe.groupStride),
    clusters: { ...whole("of groups", 2, 64, recipe.clusters), decidedBy: ["authors"] },
    bnPerGroup: {
      type: "switch",
      about: "statistics of batch normalisation for each group position",
      default: recipe.bnPerGroup,
      decidedBy: ["authors"],
    },
    detachTarget: {
      type: "switch",
      about: "no gradient through the clustering's target",
      default: recipe.detachTarget,
    },
    clusteringWeight: weight("of the clustering loss", recipe.clusteringWeight),
    ...(similarity !== "none" && {
      similarityWeight: weight("of the clusters' similarity", recipe.similarityWeight),
      ...(similarity === "soft cos" && {
        softCosine: {
          type: "choice" as const,
          about: "the soft cosine as the authors' code has it, or as printed",
          of: ["code", "paper"],
          default: recipe.softCosine,
        },
      }),
    }),
    ...(contrast && {
      contrastWeight: weight("of the contrast of mixed groups", recipe.contrastWeight),
      temperature: positive("of the contrast", 100, recipe.temperature),
      negatives: {
        type: "choice" as const,
        about: "which others of the batch a mixed item is pushed away from",
        of: ["all", "other labels"],
        default: recipe.negatives,
      },
      projector: {
        type: "choice" as const,
        about: "the contrast's projector: trained, or as it was drawn",
        of: ["trained", "frozen-random"],
        default: recipe.projector,
        decidedBy: ["authors" as const],
      },
    }),
    augmentation: {
      type: "choice",
      about: "stages of augmentation that are on; noise is the waveform's noise alone",
      of: AUGMENTATIONS,
      default: recipe.augmentation,
    },
  };
}
