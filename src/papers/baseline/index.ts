import { UserError } from "../../userError.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { adjusted, reduction } from "../shortenedRecipe.js";
import { BASELINE_NETWORK, probeBaseline, runBaseline } from "./classifierRun.js";
import { BASELINE_INPUT, BASELINE_INPUT_TEXT } from "./frontEnd.js";
import { baselineOptions, baselineRecipe } from "./recipe.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

/** No paper: the floor that the papers' networks must beat on the same split of ICBHI, from the stored log-mel maps of all cycles. */
export const paper: Paper = {
  id: "baseline",
  citation: "lean CNN on log-mel maps of ICBHI, this project's own floor",
  options: ({ profile }) => baselineOptions(baselineRecipe(profile)),
  prepare(request: RunRequest): PreparedRun {
    const {
      row,
      task,
      fold = "official",
      dataDir,
      protocol,
      profile,
      seed,
      precision = "float32",
      set,
      budget,
    } = request;
    if (row !== "lean CNN") throw new UserError(`row "${row}" is not built; built: "lean CNN"`);
    const classes = icbhiClassesOf(task);
    const { split, data, runSplit } = icbhiRunData({ dataDir, fold, protocol, classes, input: "icbhi-logmel" });
    const recipe = adjusted(baselineRecipe(profile), { set, budget });
    const full = adjusted(baselineRecipe("full"), { set });
    const fullStepsPerEpoch = full.stepsPerEpoch ?? Math.ceil(split.train.length / full.batchSize);
    const stepsPerEpoch = recipe.stepsPerEpoch ?? fullStepsPerEpoch;
    const training = evenly(split.train, recipe.trainItems);
    const select = evenly(split.select, recipe.selectItems);
    return {
      identity: {
        ...{ recipeVersion: RECIPE_VERSION, paper: "baseline", network: BASELINE_NETWORK, input: BASELINE_INPUT_TEXT },
        ...{ task, fold, protocol, seed, recipe, stepsPerEpoch },
        ...{ data: data.digest, split: split.digest },
      },
      data,
      split: runSplit,
      inputs: runInputsOf(split, {
        train: training,
        select,
        ...(recipe.testItems !== undefined && { testItems: recipe.testItems }),
      }),
      work: {
        ...{ network: "baseline/leanCnn", input: BASELINE_INPUT, batchSize: recipe.batchSize },
        ...{ epochs: recipe.epochs, stepsPerEpoch },
        ...evaluatedItems(evaluatedIcbhi({ split, recipe })),
      },
      settings: { ...recipe, stepsPerEpoch },
      reduced: reduction(recipe, full, fullStepsPerEpoch, budget),
      precision,
      probe: (signal) => probeBaseline({ split, recipe, precision, signal }),
      execute: (context) => runBaseline({ dataDir, split, recipe, stepsPerEpoch, seed, precision }, context),
    };
  },
};
