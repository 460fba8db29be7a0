import { UserError } from "../../userError.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { preparedOnCycles } from "../preparedOnCycles.js";
import { adjusted, withoutShortening } from "../shortenedRecipe.js";
import { type StartingWeights, startingWeights } from "../startingWeights.js";
import { epochsWithin } from "../trainingWork.js";
import { SAMPLE_RATE_HZ } from "./frontEnd.js";
import { inputShapeOf } from "./inputs.js";
import { outputsOf, probeMultibreath, runMultibreath, testPathOf } from "./multibreathRun.js";
import { multibreathReceiver } from "./network.js";
import { pretrainingStage } from "./pretraining.js";
import {
  FULL_EPOCHS,
  type MultibreathPretraining,
  type MultibreathRecipe,
  multibreathOptions,
  multibreathRecipe,
  PRETRAINING_EPOCHS,
  requireMultibreath,
} from "./recipe.js";
import { multibreathRow } from "./rows.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

/** Multi-breath on ICBHI (papers.md 2). */
export const paper: Paper = {
  id: "multibreath",
  citation: "Multi-breath: multi-label targets and class-specific residual attention, ICBHI 2017",
  options: (request) => multibreathOptions(recipeOf(request, request.profile)),
  prepare(request: RunRequest): PreparedRun {
    const { task, fold = "official", protocol, seed, precision = "float32", set, budget, dataDir } = request;
    const recipe = adjusted(recipeOf(request, request.profile), { set, budget });
    requireMultibreath(recipe);
    const full = adjusted(recipeOf(request, "full"), { set: withoutShortening(set) });
    const classes = icbhiClassesOf(task);
    if (classes !== 4) throw new UserError(`task "${task}": Multi-breath's labels are those of four classes`);
    const icbhi = icbhiRunData({
      ...{ dataDir, fold, protocol, classes, input: recipe.input, sampleRateHz: SAMPLE_RATE_HZ },
    });
    const { split, data } = icbhi;
    const { stepsPerEpoch, prepared } = preparedOnCycles({
      ...{ request, recipe, full, icbhi, inputShape: inputShapeOf(recipe) },
      network: `${recipe.backbone}, ${recipe.head}${recipe.frontEnd === "learnable" ? ", EfficientLEAF" : ""}`,
    });
    const pretraining = recipe.pretraining && withinBudget(recipe.pretraining, budget);
    const stage = pretraining && pretrainingStage({ dataDir, recipe, pretraining, seed, precision });
    const start = request.init === undefined ? undefined : startingWeights(request.init, receiverOf(recipe));
    if (start) requirePannsConventions(start, recipe);
    const init = start && { sha256: start.sha256, headAnew: start.headAnew };
    return {
      ...prepared,
      identity: {
        ...{ recipeVersion: RECIPE_VERSION, paper: "multibreath", task, fold, protocol, seed },
        ...{ recipe: { ...recipe, ...(pretraining && { pretraining }) }, stepsPerEpoch, init },
        ...(stage && { pretraining: stage.identity }),
        input: testPathOf(recipe).digest,
        ...{ data: data.digest, split: split.digest },
      },
      settings: { ...prepared.settings, ...(start && { init: start.sha256 }) },
      reduced:
        [prepared.reduced, pretraining && reducedPretraining(pretraining, full.pretraining!)]
          .filter((part) => part !== undefined)
          .join("; ") || undefined,
      ...(stage && { stages: [stage] }),
      ...(start && { init: { file: start.file, says: start.says, ...init! } }),
      probe: (signal) => probeMultibreath({ recipe, split, precision, signal }),
      execute: (context) => runMultibreath({ dataDir, split, recipe, stepsPerEpoch, seed, precision, start }, context),
    };
  },
};

function withinBudget(pretraining: MultibreathPretraining, budget: RunRequest["budget"]): MultibreathPretraining {
  if (!budget) return pretraining;
  const epochs = epochsWithin(budget.epochs, { ...pretraining, perBudgetEpoch: PRETRAINING_EPOCHS / FULL_EPOCHS });
  return { ...pretraining, epochs };
}

function reducedPretraining(own: MultibreathPretraining, full: MultibreathPretraining): string | undefined {
  const same = own.epochs === full.epochs && own.stepsPerEpoch === undefined && own.trainItems === undefined;
  if (same && own.batchSize === full.batchSize) return undefined;
  const steps = own.stepsPerEpoch === undefined ? "" : ` of ${own.stepsPerEpoch} steps of ${own.batchSize}`;
  return `pretraining of ${own.epochs} epochs${steps} instead of ${full.epochs}`;
}

/** PANNs' kernels lie over time and mel bands, in that order, of other mel bands; its files hold what a network of ours has not. */
function requirePannsConventions({ file, passedOver }: StartingWeights, { pooling }: MultibreathRecipe): void {
  if (pooling === "panns" || passedOver.length === 0) return;
  throw new UserError(
    `--init ${file}: a file of PANNs' (it holds ${passedOver[0]}), whose network sees time before mel bands, and other bands: add --set pooling=panns`,
  );
}

function recipeOf({ experiment, row }: RunRequest, profile: RunRequest["profile"]): MultibreathRecipe {
  return multibreathRecipe(multibreathRow(experiment, row), profile);
}

function receiverOf(recipe: MultibreathRecipe) {
  const { backbone, head, heads, pooling } = recipe;
  return multibreathReceiver({ backbone, head, heads, pooling, outputs: outputsOf(recipe, 4) });
}
