import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { UserError } from "../../userError.js";
import { evenly } from "../evenly.js";
import type { PreparedSearch, Preset, Profile, RunRequest } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import { runInputsOf } from "../runInputs.js";
import { runSplitOf } from "../runSplit.js";
import { SAMPLERS, type Sampler, type SearchSettings } from "../searchResult.js";
import type { SearchedValues, SearchSpace } from "../searchSpace.js";
import { reduction } from "../shortenedRecipe.js";
import { supconMfcc } from "./frontEnd.js";
import { pretrainingRecipe } from "./pretrainingRecipe.js";
import { type Level, type SupconRecipe, supconRecipe } from "./recipe.js";
import { runDataOf, splitOf, sprSoundIn } from "./runData.js";
import { framesOf, tryCnn } from "./searchTrial.js";
import { tryPretraining } from "./searchTrialPretraining.js";

/** Raised whenever a change here alters the result of a search that asks for the same. */
const SEARCH_VERSION = 1;

/** What the authors' code searched (papers.md 3.6). */
const SPACES: Readonly<Record<string, SearchSpace>> = {
  CNN: {
    learningRate: { type: "log-uniform", from: 1e-4, to: 1e-1 },
    c1: { type: "choice", of: [2, 4, 6, 8] },
    c2: { type: "choice", of: [8, 16, 32, 64] },
    kernel: { type: "whole number", from: 2, to: 4 },
    l1: { type: "choice", of: [64, 128, 256, 512] },
    l2: { type: "choice", of: [8, 16, 32, 64] },
  },
  Features: {
    hop: { type: "whole number", from: 64, to: 512, step: 32 },
    coefficients: { type: "whole number", from: 8, to: 64, step: 2 },
  },
  SupCon: {
    temperature: { type: "uniform", from: 0.1, to: 0.9 },
    learningRate: { type: "log-uniform", from: 1e-4, to: 1e-2 },
  },
};

/** Trials and their epochs at most; trials by chance before the sampler learns. */
interface SearchBudget {
  trials: number;
  epochs: number;
  sampler: Sampler;
  startupTrials: number;
}

/**
 * The authors' sampler draws its first 20 trials by chance, HyperOpt's default: all of their ten. Decision 46 has TPE choose, after the
 * first four.
 */
function budgetOf(preset: Preset, profile: Profile): SearchBudget {
  const sampler = "tpe" as const;
  if (profile === "smoke") return { trials: 3, epochs: 2, sampler, startupTrials: preset === "authors" ? 20 : 2 };
  if (profile === "quick") return { trials: 4, epochs: 4, sampler, startupTrials: preset === "authors" ? 20 : 2 };
  return { trials: 10, epochs: 20, sampler, startupTrials: preset === "authors" ? 20 : 4 };
}

export function isSearch({ experiment }: RunRequest): boolean {
  return experiment === "supcon-sprs/tune";
}

/** What `--set` may change of a search. */
export function searchOptions(request: RunRequest): RecipeOptions {
  const { trials, epochs, sampler, startupTrials } = budgetOf(request.preset, request.profile);
  const { stepsPerEpoch, batchSize } = recipeOf(request);
  return {
    trials: { type: "whole number", about: "points that are tried", from: 1, to: 10_000, default: trials },
    epochs: { type: "whole number", about: "of a trial at most", from: 1, to: 10_000, default: epochs },
    sampler: { type: "choice", about: "by which points are chosen; gp needs PyTorch", of: SAMPLERS, default: sampler },
    startupTrials: {
      type: "whole number",
      about: "trials by chance, before the sampler learns",
      from: 0,
      to: 10_000,
      default: startupTrials,
      decidedBy: ["authors"],
    },
    stepsPerEpoch: {
      type: "whole number",
      about: "training steps of an epoch; without it one pass over the training items",
      from: 1,
      to: 1_000_000,
      default: stepsPerEpoch,
    },
    batchSize: { type: "whole number", about: "items of a step", from: 2, to: 1024, default: batchSize },
  };
}

/** The recipe that a row's trials start from. */
function recipeOf({ row, task, preset, profile }: RunRequest) {
  const { level } = sprSoundTask(task);
  const cnn = { network: "leanCnn", mixUp: false, pretrained: false } as const;
  const { testItems: _, assessedTrainItems: __, ...plain } = supconRecipe(cnn, level, preset, profile);
  return row === "SupCon" ? pretrainingRecipe(level, plain.frames, preset, profile) : plain;
}

/** A search of one of the paper's spaces, on the select role alone. Throws UserError for a row without one. */
export function searchOf(request: RunRequest): PreparedSearch {
  const { row, protocol, preset, profile, seed, precision = "float32", set = {}, budget } = request;
  const space = SPACES[row];
  if (!space) throw new UserError(`row "${row}" is no search; there are "${Object.keys(SPACES).join('", "')}"`);
  const task = sprSoundTask(request.task);
  const split = splitOf(request, task, seed);
  const { trials, epochs, sampler, startupTrials, ...others } = {
    ...budgetOf(preset, profile),
    ...set,
  } as SearchBudget;
  const maxSteps = Math.min(epochs, budget?.epochs ?? Infinity);
  const halving = { grace: 1, reduction: 2 };
  const search: SearchSettings = { space, trials, maxSteps, sampler, startupTrials, seed, halving };
  const recipe = { ...recipeOf(request), ...others, epochs: maxSteps };
  const fullRecipe = { ...recipeOf({ ...request, profile: "full" }), epochs: budgetOf(preset, "full").epochs };
  const onePass = Math.ceil(split.train.length / fullRecipe.batchSize);
  const stepsPerEpoch = recipe.stepsPerEpoch ?? onePass;
  const common = { split, stepsPerEpoch, seed, precision };
  const select = evenly(split.select, recipe.selectItems);
  const fewer =
    trials < budgetOf(preset, "full").trials ? `${trials} trials instead of ${budgetOf(preset, "full").trials}` : "";
  const shorter = reduction(recipe, fullRecipe, onePass, budget);
  return {
    search,
    identity: {
      searchVersion: SEARCH_VERSION,
      ...{ paper: "supcon-sprs", searched: row, task: task.id, protocol, preset, seed, recipe, stepsPerEpoch },
      ...{ data: sprSoundIn(request.dataDir).digest, split: split.digest },
    },
    data: runDataOf(request, split),
    split: runSplitOf(split),
    inputs: runInputsOf({ ...split, tests: {} }, { train: evenly(split.train, recipe.trainItems), select }),
    settings: { ...recipe, stepsPerEpoch },
    reduced: [shorter ?? (fewer && "reduced budget"), fewer].filter(Boolean).join("; ") || undefined,
    precision,
    work: {
      ...{ network: `${row}, searched`, input: [supconMfcc.rows, recipe.frames, 1], batchSize: recipe.batchSize },
      ...{ epochs: trials * maxSteps, stepsPerEpoch, itemsPerEpoch: select.length, itemsAtEnd: 0 },
    },
    metric: "select/score",
    valueIs:
      row === "SupCon"
        ? "best select Score of the nearest class mean of the embeddings, over the epochs"
        : `best select Score over the epochs${protocol === "published" ? ", class-balanced draws" : ""}`,
    trial(values) {
      if (row === "SupCon")
        return tryPretraining({
          ...common,
          recipe: { ...(recipe as ReturnType<typeof pretrainingRecipe>), ...values },
        });
      return tryCnn({ ...common, ...trialOf(values, task.level, recipe as SupconRecipe) });
    },
  };
}

function trialOf(values: SearchedValues, level: Level, recipe: SupconRecipe) {
  const {
    learningRate = recipe.learningRate,
    c1 = 2,
    c2 = 64,
    kernel = 3,
    l1 = 256,
    l2 = 32,
  } = values as Record<string, number>;
  const { hop = 128, coefficients = 64 } = values as Record<string, number>;
  return {
    recipe: { ...recipe, learningRate, frames: framesOf(level, hop) },
    features: { hop, coefficients },
    sizes: { filters: [c1, c2] as const, kernelSize: kernel, hidden: [l1, l2] as const },
  };
}
