import { UserError } from "../../userError.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import type { Paper, PreparedRun, RunRequest, TunedSettings } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { adjusted, reduction, withoutShortening } from "../shortenedRecipe.js";
import { SAMPLE_RATE_HZ } from "./frontEnd.js";
import { probeGlancegaze, runGlancegaze } from "./glancegazeRun.js";
import { inputShapeOf, testPathOf, trainedCycles } from "./inputs.js";
import {
  type GlancegazeRecipe,
  glancegazeOptions,
  glancegazeRecipe,
  requireGlancegaze,
  withoutSamples,
} from "./recipe.js";
import { glancegazeRow } from "./rows.js";
import { isSearch, searchOf, searchOptions, trialRecipe } from "./search.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

/** The Glance-and-Gaze network on ICBHI (papers.md 4). */
export const paper: Paper = {
  id: "glancegaze",
  citation: "Glance-and-Gaze network, ICBHI 2017",
  options(request) {
    const recipe = recipeOf(request, request.profile);
    return isSearch(request) ? searchOptions(recipe) : glancegazeOptions(recipe);
  },
  search(request) {
    if (!isSearch(request)) return undefined;
    const { recipe, full } = recipesOf(request);
    return searchOf({ request, recipe, full, ...dataOf(request, recipe) });
  },
  prepare(request: RunRequest): PreparedRun {
    const { task, fold, protocol, seed, precision = "float32", budget, dataDir, init } = request;
    if (init !== undefined) throw new UserError("--init: no weights of these networks are published; leave it out");
    const { split, data, runSplit } = dataOf(request, recipesOf(request).recipe);
    const tuned = tunedFor(request, data.digest);
    const { recipe, full } = recipesOf({ ...request, set: { ...tuned?.set, ...request.set } });
    const training = evenly(split.train, recipe.trainItems);
    const fullStepsPerEpoch = Math.ceil(trainedCycles(split.train, full, seed).length / full.batchSize);
    const stepsPerEpoch =
      recipe.stepsPerEpoch ?? Math.ceil(trainedCycles(training, recipe, seed).length / recipe.batchSize);
    return {
      identity: {
        ...{ recipeVersion: RECIPE_VERSION, paper: "glancegaze", task, fold, protocol, seed, recipe, stepsPerEpoch },
        ...{ input: testPathOf(recipe).digest, data: data.digest, split: split.digest },
      },
      ...{ data, split: runSplit },
      inputs: runInputsOf(split, {
        train: training,
        select: evenly(split.select, recipe.selectItems),
        ...(recipe.testItems !== undefined && { testItems: recipe.testItems }),
      }),
      work: {
        network: recipe.without === undefined ? recipe.network : `${recipe.network} without ${recipe.without}`,
        ...{ input: inputShapeOf(recipe), batchSize: recipe.batchSize, epochs: recipe.epochs, stepsPerEpoch },
        ...evaluatedItems(evaluatedIcbhi({ split, recipe })),
      },
      settings: { ...recipe, stepsPerEpoch, ...(tuned && { tunedBy: tuned.run }) },
      reduced: reducedWith(reduction(recipe, full, fullStepsPerEpoch, budget), request, tuned),
      ...(tuned && { tuned }),
      precision,
      probe: (signal) => probeGlancegaze({ recipe, split, precision, signal }),
      execute: (context) => runGlancegaze({ dataDir, split, recipe, stepsPerEpoch, seed, precision }, context),
    };
  },
};

function dataOf({ dataDir, task, fold = "random-cycle-70-30", protocol }: RunRequest, { input }: GlancegazeRecipe) {
  const classes = icbhiClassesOf(task);
  if (classes !== 4) throw new UserError(`task "${task}": Glance-and-Gaze's tables are of four classes`);
  return icbhiRunData({ ...{ dataDir, fold, protocol, classes, input }, sampleRateHz: SAMPLE_RATE_HZ });
}

/** As asked for, and what that would be with the full budget. */
function recipesOf(request: RunRequest): { recipe: GlancegazeRecipe; full: GlancegazeRecipe } {
  const { set, budget } = request;
  const recipe = withoutSamples(adjusted(recipeOf(request, request.profile), { set, budget }));
  requireGlancegaze(recipe);
  if (recipe.input !== "audio" && set?.augmentation === "speed")
    throw new UserError(
      "--set augmentation=speed: stored maps have no samples to change in speed; --set input=audio has",
    );
  const full = withoutSamples(adjusted(recipeOf(request, "full"), { set: withoutShortening(set) }));
  return { recipe, full };
}

function recipeOf(request: RunRequest, profile: RunRequest["profile"]): GlancegazeRecipe {
  const recipe = glancegazeRecipe(glancegazeRow(request.experiment, request.row), profile);
  return isSearch(request) ? trialRecipe(recipe) : recipe;
}

/** What a search on the same data found for the row: where none was made, its first learning rate stays, and the run says so. */
function tunedFor({ tuned = [], set }: RunRequest, data: string): TunedSettings | undefined {
  return set?.learningRate === undefined ? tuned.find((one) => one.data === data) : undefined;
}

function reducedWith(reduced: string | undefined, request: RunRequest, tuned: TunedSettings | undefined) {
  const { network } = glancegazeRow(request.experiment, request.row);
  if (network === "Proposed") return reduced;
  const search =
    tuned === undefined ? "learning rate not searched" : tuned.reduced && `of the search: ${tuned.reduced.replace(/^reduced budget: /, "")}`; // biome-ignore format: one line
  return search ? `${reduced ?? "reduced budget"}; ${search}` : reduced;
}
