import { icbhiSplit } from "../../datasets/icbhi/split.js";
import type { IcbhiClasses } from "../../datasets/icbhi/tasks.js";
import { UserError } from "../../userError.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { icbhiMaps } from "../icbhiMaps.js";
import { loadedOnce } from "../loadedOnce.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { runSplitOf } from "../runSplit.js";
import { adjusted, reduction } from "../shortenedRecipe.js";
import { BASELINE_NETWORK, probeBaseline, runBaseline } from "./classifierRun.js";
import { BASELINE_INPUT, BASELINE_INPUT_TEXT } from "./frontEnd.js";
import { baselineOptions, baselineRecipe } from "./recipe.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

const CLASSES: Readonly<Record<string, IcbhiClasses>> = { "4-class": 4, "2-class": 2 };

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
    const classes = CLASSES[task];
    if (row !== "lean CNN") throw new UserError(`row "${row}" is not built; built: "lean CNN"`);
    if (classes === undefined)
      throw new UserError(`task "${task}" is not known; there are ${Object.keys(CLASSES).join(", ")}`);
    const data = icbhiMaps(dataDir);
    const split = loadedOnce(["icbhi split of maps", dataDir, fold, protocol, classes], () =>
      icbhiSplit(data.icbhi, fold, protocol, { classes, fileOf: data.fileOf }),
    );
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
      data: {
        name: "icbhi-logmel",
        digest: data.digest,
        madeUp: data.madeUp,
        source: data.madeUp
          ? "made-up breath sounds (auscult data demo)"
          : "ICBHI 2017, log-mel maps of the cycles of all 920 recordings",
        description: `${data.madeUp ? "made-up sounds in ICBHI's layout" : "ICBHI 2017, log-mel maps"}: ${split.train.length} training cycles`,
        hasPrintedTestSet: false,
      },
      split: runSplitOf(split),
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
