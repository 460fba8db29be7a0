import { Streams } from "../../random/streams.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import { loadedOnce } from "../loadedOnce.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { adjusted, reduction, withoutShortening } from "../shortenedRecipe.js";
import { startingWeights } from "../startingWeights.js";
import { preparedCycles } from "./clips.js";
import { inputOf } from "./evaluatedCycles.js";
import { runFineTuned } from "./fineTuning.js";
import { adoptFirstStage, firstStage } from "./firstStage.js";
import { respirenetInputShape, respirenetTestPath, SAMPLE_RATE_HZ } from "./frontEnd.js";
import { respirenetReceiver } from "./network.js";
import { type RespirenetRecipe, requireImageScale, respirenetOptions, respirenetRecipe } from "./recipe.js";
import { probeRespirenet, type RespirenetRun, runRespirenet } from "./respirenetRun.js";
import { respirenetRow } from "./rows.js";
import { trainingItemsOf } from "./trainingItems.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

/** RespireNet on ICBHI (papers.md 5). */
export const paper: Paper = {
  id: "respirenet",
  citation: "RespireNet: concatenation-based augmentation, blank-region clipping, device fine-tuning, ICBHI 2017",
  options: (request) => respirenetOptions(recipeOf(request, request.profile)),
  prepare(request: RunRequest): PreparedRun {
    const { experiment, row } = request;
    if (respirenetRow(experiment, row).fineTuned) return fineTuned(request);
    const { prepared } = plannedRun(request);
    if (row !== FIRST_STAGE_ROW) return prepared;
    const { work, ...adopted } = prepared;
    return { ...adopted, stages: [firstStage(prepared)], execute: async (context) => adoptFirstStage(context) };
  },
};

/** Table 1's row that is fine-tuned by device in the next one. */
const FIRST_STAGE_ROW = "CNN+CBA+BRC";

/** The second stage of Table 1's last row: its first one is the run of the row before it. */
function fineTuned(request: RunRequest): PreparedRun {
  const { prepared, run } = plannedRun({ ...request, row: FIRST_STAGE_ROW });
  const ofProfile = (profile: RunRequest["profile"]) => recipeOf(request, profile).fineTuning!;
  const [own, full] = [ofProfile(request.profile), ofProfile("full")];
  const { budget } = request;
  const share = full.epochs / recipeOf(request, "full").epochs;
  const epochs = budget ? Math.min(own.epochs, Math.max(1, Math.round(share * budget.epochs))) : own.epochs;
  const fineTuning = { ...own, epochs };
  const stage = epochs === full.epochs ? undefined : `of the second stage ${epochs} of ${full.epochs} epochs`;
  return {
    ...prepared,
    identity: { ...prepared.identity, fineTuning },
    settings: { ...prepared.settings, fineTuning },
    ...(prepared.work && { work: { ...prepared.work, epochs, perBudgetEpoch: share } }),
    reduced: [prepared.reduced, stage].filter((part) => part !== undefined).join("; ") || undefined,
    stages: [firstStage(prepared)],
    execute: (context) => runFineTuned({ ...run, recipe: { ...run.recipe, fineTuning } }, context),
  };
}

/** A run that trains its own network. */
function plannedRun(request: RunRequest): { prepared: PreparedRun; run: RespirenetRun } {
  const { task, fold = "official", protocol, preset, seed, precision = "float32", set, budget, dataDir } = request;
  const recipe = adjusted(recipeOf(request, request.profile), { set, budget });
  requireImageScale(recipe);
  const full = adjusted(recipeOf(request, "full"), { set: withoutShortening(set) });
  const classes = icbhiClassesOf(task);
  const { split, data, runSplit } = icbhiRunData({
    ...{ dataDir, fold, protocol, classes, input: "audio", sampleRateHz: SAMPLE_RATE_HZ },
  });
  const training = evenly(split.train, recipe.trainItems);
  // A part of the training set is known by its length: see `evenly`.
  const countOf = (examples: typeof split.train, { seconds, cba, cbaScale }: RespirenetRecipe) =>
    loadedOnce(
      ["respirenet items", dataDir, fold, protocol, classes, seconds, cba, cbaScale, examples.length, seed],
      () => itemCount(examples, { seconds, cba, cbaScale }, classes, seed),
    );
  const fullStepsPerEpoch = Math.ceil(countOf(split.train, full) / full.batchSize);
  const stepsPerEpoch = recipe.stepsPerEpoch ?? Math.ceil(countOf(training, recipe) / recipe.batchSize);
  const start = request.init === undefined ? undefined : startingWeights(request.init, respirenetReceiver(classes));
  const init = start && { sha256: start.sha256, headAnew: start.headAnew };
  const smaller = recipe.imageScale === 1 ? "pictures not enlarged (64 rows instead of 192)" : undefined;
  const reduced = [reduction(recipe, full, fullStepsPerEpoch, budget), smaller];
  const { looks } = respirenetRow(request.experiment, request.row);
  const run = { split, preset, recipe, stepsPerEpoch, seed, precision, start, ...(looks && { looks }) };
  const prepared: PreparedRun = {
    identity: {
      ...{ recipeVersion: RECIPE_VERSION, paper: "respirenet", task, fold, protocol, preset, seed },
      ...{ recipe, stepsPerEpoch, init },
      input: respirenetTestPath(inputOf(recipe)).digest,
      cycles: preparedCycles(recipe.bandPass).digestText,
      ...{ data: data.digest, split: split.digest },
    },
    data,
    split: runSplit,
    inputs: runInputsOf(split, {
      train: training,
      select: evenly(split.select, recipe.selectItems),
      ...(recipe.testItems !== undefined && { testItems: recipe.testItems }),
    }),
    work: {
      ...{ network: "resnet34 with RespireNet's head", input: respirenetInputShape(recipe) },
      ...{ batchSize: recipe.batchSize, epochs: recipe.epochs, stepsPerEpoch },
      ...evaluatedItems(evaluatedIcbhi({ split, recipe })),
    },
    settings: { ...recipe, stepsPerEpoch, ...(start && { init: start.sha256 }) },
    reduced: reduced.filter((part) => part !== undefined).join("; ") || undefined,
    precision,
    ...(start && { init: { file: start.file, says: start.says, ...init! } }),
    probe: (signal) => probeRespirenet({ recipe, split, precision, signal }),
    execute: (context) => runRespirenet(run, context),
  };
  return { prepared, run };
}

function recipeOf({ experiment, row, preset }: RunRequest, profile: RunRequest["profile"]): RespirenetRecipe {
  return respirenetRecipe(respirenetRow(experiment, row), { preset, profile });
}

/** Windows and new cycles counted in, by the annotations' lengths. What an item is filled up with makes no item more or fewer. */
function itemCount(
  examples: Parameters<typeof trainingItemsOf>[0]["examples"],
  recipe: Pick<RespirenetRecipe, "seconds" | "cba" | "cbaScale">,
  classes: number,
  seed: number,
): number {
  const at = (seconds: number) => Math.trunc(seconds * SAMPLE_RATE_HZ + 1e-6);
  const samples = examples.map(({ startSeconds = 0, endSeconds = 0 }) =>
    Math.max(1, at(endSeconds) - at(startSeconds)),
  );
  return trainingItemsOf({ examples, samples, classes }, { ...recipe, padding: "zero" }, new Streams(seed)).length;
}
