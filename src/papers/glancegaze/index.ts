import { UserError } from "../../userError.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import type { Paper, PreparedRun, RunRequest, TunedSettings } from "../paper.js";
import { preparedOnCycles } from "../preparedOnCycles.js";
import { adjusted, withoutShortening } from "../shortenedRecipe.js";
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
    const { task, fold, protocol, seed, dataDir, init } = request;
    if (init !== undefined) throw new UserError("--init: no weights of these networks are published; leave it out");
    const icbhi = dataOf(request, recipesOf(request).recipe);
    const { split } = icbhi;
    const tuned = tunedFor(request, icbhi.data.digest);
    const { recipe, full } = recipesOf({ ...request, set: { ...tuned?.set, ...request.set } });
    const { stepsPerEpoch, prepared } = preparedOnCycles({
      ...{ request, recipe, full, icbhi, inputShape: inputShapeOf(recipe) },
      network: recipe.without === undefined ? recipe.network : `${recipe.network} without ${recipe.without}`,
      trainedItems: (training, of) => trainedCycles(training, of, seed).length,
    });
    const run = { dataDir, split, recipe, stepsPerEpoch, seed, precision: prepared.precision };
    return {
      ...prepared,
      identity: {
        ...{ recipeVersion: RECIPE_VERSION, paper: "glancegaze", task, fold, protocol, seed, recipe, stepsPerEpoch },
        ...{ input: testPathOf(recipe).digest, data: icbhi.data.digest, split: split.digest },
      },
      settings: { ...prepared.settings, ...(tuned && { tunedBy: tuned.run }) },
      reduced: reducedWith(prepared.reduced, recipe, tuned),
      ...(tuned && { tuned }),
      probe: (signal) => probeGlancegaze({ ...run, signal }),
      execute: (context) => runGlancegaze(run, context),
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

/** What a run is without, besides its budget. */
function reducedWith(reduced: string | undefined, { network, input }: GlancegazeRecipe, tuned?: TunedSettings) {
  const ofSearch = tuned ? tuned.reduced && `of the search: ${tuned.reduced.replace(/^reduced budget: /, "")}` : "learning rate not searched"; // biome-ignore format: one line
  const parts = [
    ...(input === "audio" ? [] : ["no copies at other speeds, which stored maps do not allow"]),
    ...(network === "Proposed" ? [] : [ofSearch]),
  ].filter(Boolean);
  return parts.length > 0 ? [reduced ?? "reduced budget", ...parts].join("; ") : reduced;
}
