import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import type { Example } from "../../datasets/roles.js";
import { evenly } from "../evenly.js";
import type { PreparedSearch, RunData, RunRequest } from "../paper.js";
import type { RecipeOptions } from "../recipeOption.js";
import { runInputsOf } from "../runInputs.js";
import type { RunSplit } from "../runSplit.js";
import { reduction } from "../shortenedRecipe.js";
import { tryGlancegaze } from "./glancegazeRun.js";
import { inputShapeOf, testPathOf, trainedCycles } from "./inputs.js";
import { type GlancegazeRecipe, glancegazeOptions, LEARNING_RATES } from "./recipe.js";

/** Raised whenever a change here alters the result of a search that asks for the same. */
const SEARCH_VERSION = 1;

/** Epochs of a trial at most: a fifth of a run's. */
const EPOCHS = 20;

export function isSearch({ experiment }: Pick<RunRequest, "experiment">): boolean {
  return experiment === "glancegaze/tune";
}

/** The recipe of a search's trials, which open no test set. */
export function trialRecipe({ testItems: _, ...recipe }: GlancegazeRecipe): GlancegazeRecipe {
  return { ...recipe, epochs: Math.min(recipe.epochs, EPOCHS) };
}

/** What `--set` may change of a search: all but what it searches. */
export function searchOptions(recipe: GlancegazeRecipe): RecipeOptions {
  const { learningRate: _, ...others } = glancegazeOptions(trialRecipe(recipe));
  return others;
}

/** What a search learns from and what it looks at. */
interface SearchRoles {
  train: readonly Example<"train">[];
  select: readonly Example<"select">[];
}

/** One of so many training cycles is held out where the split holds out none. */
const HELD_OUT_OF = 5;

/**
 * Under `honest` the split's own. Under `published` every fifth training cycle is held out for the search: cycles, as the split draws them, so that
 * what is learnt of a patient helps there as it does in its test set.
 */
export function searchRoles({ train, select }: Pick<IcbhiSplit, "train" | "select">): SearchRoles {
  if (select.length > 0) return { train, select };
  const held = train.filter((_, i) => i % HELD_OUT_OF === HELD_OUT_OF - 1);
  return {
    train: train.filter((_, i) => i % HELD_OUT_OF !== HELD_OUT_OF - 1),
    select: held.map((example) => ({ ...example, role: "select" })),
  };
}

export interface SearchOf {
  request: RunRequest;
  recipe: GlancegazeRecipe;
  full: GlancegazeRecipe;
  split: IcbhiSplit;
  data: RunData;
  runSplit: RunSplit;
}

/** A search of the learning rate of a baseline (papers.md 4.6): each of three once, the same first weights and batches. */
export function searchOf({ request, recipe, full, split, data, runSplit }: SearchOf): PreparedSearch {
  const { dataDir, row, task, fold, protocol, seed, precision = "float32", budget } = request;
  const { train, select: held } = searchRoles(split);
  const training = evenly(train, recipe.trainItems);
  const select = evenly(held, recipe.selectItems);
  const fullStepsPerEpoch = Math.ceil(trainedCycles(train, full, seed).length / full.batchSize);
  const stepsPerEpoch =
    recipe.stepsPerEpoch ?? Math.ceil(trainedCycles(training, recipe, seed).length / recipe.batchSize);
  const trials = LEARNING_RATES.length;
  return {
    search: {
      space: { learningRate: { type: "choice", of: LEARNING_RATES } },
      ...{ trials, maxSteps: recipe.epochs, sampler: "grid", startupTrials: 0, seed },
      // None is stopped early.
      halving: { grace: recipe.epochs, reduction: 2 },
    },
    identity: {
      searchVersion: SEARCH_VERSION,
      ...{ paper: "glancegaze", searched: row, task, fold, protocol, seed, recipe, stepsPerEpoch },
      ...{ input: testPathOf(recipe).digest, data: data.digest, split: split.digest },
    },
    ...{ data, split: runSplit, precision },
    inputs: runInputsOf({ ...split, tests: {} }, { train: training, select }),
    settings: { ...recipe, stepsPerEpoch },
    reduced: reduction(recipe, full, fullStepsPerEpoch, budget),
    work: {
      ...{ network: `${recipe.network}, searched`, input: inputShapeOf(recipe), batchSize: recipe.batchSize },
      ...{ epochs: trials * recipe.epochs, stepsPerEpoch, itemsPerEpoch: select.length, itemsAtEnd: 0 },
    },
    metric: "select/score",
    valueIs: `best Score over the epochs, ${split.select.length > 0 ? "on held-out patients" : "on held-out training cycles"}`,
    trial(values) {
      const tried = { ...recipe, learningRate: values.learningRate as number };
      const run = { dataDir, split, recipe: tried, stepsPerEpoch, seed, precision };
      return {
        settings: { ...tried, stepsPerEpoch },
        execute: (context) => tryGlancegaze(run, { train: training, select }, context),
      };
    },
  };
}
