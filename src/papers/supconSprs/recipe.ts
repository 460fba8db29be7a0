import { UserError } from "../../userError.js";
import type { EpochBudget, Preset, Profile } from "../paper.js";
import type { OptionValue, RecipeOptions } from "../recipeOption.js";
import {
  PRETRAINING_EPOCHS,
  type PretrainingRecipe,
  pretrainingOptions,
  pretrainingRecipe,
} from "./pretrainingRecipe.js";

/** The network of a row. */
export type SupconNetwork = "resnet18" | "leanCnn";

/** What a row of Table III is made of. */
export interface SupconRow {
  network: SupconNetwork;
  /** Whether the classifier's batches are mixed. */
  mixUp: boolean;
  /** Whether encoder and head are pretrained with SupCon, then frozen. */
  pretrained: boolean;
  /** Whether settings of its pretraining come from a search. */
  tuned?: boolean;
  /** Whether it classifies windows of 3 s, from which labels of recordings are integrated (papers.md 3.8). */
  windows?: boolean;
}

/** How a row's classifier is trained, and what it starts from (papers.md 3.2 to 3.6). */
export interface SupconRecipe {
  epochs: number;
  /** Undefined: one pass, as many draws as training items. */
  stepsPerEpoch?: number;
  batchSize: number;
  /** Of Adam. */
  learningRate: number;
  /** Coupled. */
  weightDecay: number;
  /** Frames of the input; the paper truncates seconds x rate / hop. */
  frames: number;
  /** Of a flip of the time axis in training (decision 45). */
  flipProbability: number;
  /** Of MixUp's share, Beta(alpha, alpha); undefined: no MixUp. */
  mixUpAlpha?: number;
  /** "centre" or, as in the authors' loaders, a random place at test time too (decision 42). */
  evaluationCrop: "centre" | "random";
  /** Undefined: the row trains all of its network from scratch. */
  pretraining?: PretrainingRecipe;
  /**
   * Mode of pretrained layers while the classifier is trained. "training" is the authors': dropout stays active, and the statistics of
   * batch normalisation go on moving (decision 44).
   */
  frozenMode?: "evaluation" | "training";
  /** "last": the epoch that is taken is always the last, as the authors' snapshots are (decision 44). Undefined: the best one. */
  snapshot?: "best" | "last";
  /** At most so many items of each role (of each test set); undefined: all. */
  trainItems?: number;
  selectItems?: number;
  testItems?: number;
  /** At most so many training items are assessed at the end; undefined: all. */
  assessedTrainItems?: number;
}

export const SAMPLE_RATE_HZ = 8000;
const HOP = 128;
/** Clip length by level: events 3 s, recordings 15 s. */
export const SECONDS = { event: 3, record: 15 } as const;
/** Epochs of the classifier: of a whole network, and on a pretrained encoder. */
const EPOCHS = { plain: 100, pretrained: 20 } as const;
/** Under a budget of epochs, so many training items are assessed at the end. */
const ASSESSED = { event: 1000, record: 300 } as const;

export type Level = keyof typeof SECONDS;

/** A row's settings. `authors` differs where the paper and the authors' code do. */
export function supconRecipe(row: SupconRow, level: Level, preset: Preset, profile: Profile): SupconRecipe {
  const frames = Math.trunc((SECONDS[level] * SAMPLE_RATE_HZ) / HOP);
  const full: SupconRecipe = {
    epochs: row.pretrained ? EPOCHS.pretrained : EPOCHS.plain,
    batchSize: 32,
    learningRate: 1e-3,
    weightDecay: 1e-4,
    frames,
    flipProbability: preset === "authors" ? 0 : 0.5,
    ...(row.mixUp && { mixUpAlpha: 1 }),
    evaluationCrop: preset === "authors" ? "random" : "centre",
    ...(preset === "authors" && { snapshot: "last" }),
    ...(row.pretrained && {
      pretraining: pretrainingRecipe(level, frames, preset, profile),
      frozenMode: preset === "authors" ? "training" : "evaluation",
    }),
  };
  switch (profile) {
    case "full":
      return full;
    case "quick":
      // A recording is five times an event: smaller batches, so that the same minutes hold as many updates.
      return level === "event"
        ? { ...full, epochs: 4, stepsPerEpoch: 30, selectItems: 400, assessedTrainItems: 400 }
        : { ...full, epochs: 3, stepsPerEpoch: 32, batchSize: 8, selectItems: 120, assessedTrainItems: 120 };
    case "smoke":
      return {
        ...full,
        ...{ epochs: 2, stepsPerEpoch: 2, batchSize: 8 },
        ...{ trainItems: 64, selectItems: 24, testItems: 24, assessedTrainItems: 24 },
      };
    default:
      throw new UserError(`--profile ${profile as string}: must be smoke, quick or full`);
  }
}

/**
 * Epochs of one stage for one epoch of a budget. A budget counts epochs of the rows that train one network from beginning to end; the
 * 50 + 20 epochs of a pretrained row cost about what those 100 do, and share the budget in that proportion.
 */
export function budgetShare(fullEpochs: number): number {
  return fullEpochs / EPOCHS.plain;
}

/** The recipe with some settings changed, then shortened to a budget. */
export function adjustedRecipe(
  recipe: SupconRecipe,
  level: Level,
  { set = {}, budget }: { set?: Settings; budget?: EpochBudget },
): SupconRecipe {
  const own = Object.entries(set).filter(([name]) => !name.startsWith(PRETRAINING));
  const before = Object.entries(set).flatMap(([name, value]) =>
    name.startsWith(PRETRAINING) ? [[name.slice(PRETRAINING.length), value] as const] : [],
  );
  const changed: SupconRecipe = {
    ...recipe,
    ...Object.fromEntries(own),
    ...(recipe.pretraining && {
      pretraining: { ...recipe.pretraining, ...ofEachStage(set), ...Object.fromEntries(before) },
    }),
  };
  if (!budget) return changed;
  const shortened = (epochs: number, fullEpochs: number) =>
    Math.min(epochs, Math.max(1, Math.round(budget.epochs * budgetShare(fullEpochs))));
  const { pretraining } = changed;
  return {
    ...changed,
    epochs: shortened(changed.epochs, pretraining ? EPOCHS.pretrained : EPOCHS.plain),
    assessedTrainItems: Math.min(changed.assessedTrainItems ?? Infinity, ASSESSED[level]),
    ...(pretraining && {
      pretraining: { ...pretraining, epochs: shortened(pretraining.epochs, PRETRAINING_EPOCHS) },
    }),
  };
}

/** What settings of the pretraining begin with, as `--set` takes them. */
const PRETRAINING = "pretraining.";

type Settings = Readonly<Record<string, OptionValue>>;

/** Settings that hold for each stage of a row, unless the pretraining has its own. */
function ofEachStage(set: Settings): Settings {
  return Object.fromEntries(Object.entries(set).filter(([name]) => EACH_STAGE.includes(name)));
}

const EACH_STAGE = ["stepsPerEpoch", "batchSize", "selectItems"];
/** What `--set` may change of a row, with what it is without. */
export function supconOptions(recipe: SupconRecipe): RecipeOptions {
  const { epochs, stepsPerEpoch, batchSize, learningRate, weightDecay, flipProbability, evaluationCrop } = recipe;
  const { mixUpAlpha, pretraining, frozenMode, snapshot = "best", selectItems } = recipe;
  return {
    epochs: { type: "whole number", about: "passes of training", from: 1, to: 10_000, default: epochs },
    stepsPerEpoch: {
      type: "whole number",
      about: "training steps of an epoch, of each stage; without it one pass over the training items",
      from: 1,
      to: 1_000_000,
      default: stepsPerEpoch,
    },
    batchSize: { type: "whole number", about: "items of a step, of each stage", from: 2, to: 1024, default: batchSize },
    selectItems: {
      type: "whole number",
      about: "held-out items that an epoch is chosen by at most; without it all",
      from: 1,
      to: 1_000_000,
      default: selectItems,
    },
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
    snapshot: {
      type: "choice",
      about: "the epoch that is taken",
      of: ["best", "last"],
      default: snapshot,
      decidedBy: ["authors"],
    },
    ...(mixUpAlpha !== undefined && {
      mixUpAlpha: {
        type: "number",
        about: "of MixUp: shares are drawn from Beta(alpha, alpha)",
        above: 0,
        to: 100,
        default: mixUpAlpha,
      },
    }),
    ...(pretraining && {
      frozenMode: {
        type: "choice",
        about: "mode of the pretrained layers while the classifier is trained",
        of: ["evaluation", "training"],
        default: frozenMode,
        decidedBy: ["authors"],
      },
      ...Object.fromEntries(
        Object.entries(pretrainingOptions(pretraining)).map(([name, option]) => [PRETRAINING + name, option]),
      ),
    }),
  };
}
