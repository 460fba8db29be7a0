import { digestText } from "../../features/frontEnd.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { icbhiClassesOf, icbhiRunData } from "../icbhiRunData.js";
import { loadedOnce } from "../loadedOnce.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { adjusted, reduction, withoutShortening } from "../shortenedRecipe.js";
import { LOGMEL_ADAPTER } from "./adapter.js";
import { requireMapsOnly } from "./adapterInputs.js";
import { probeCycleguardian, runCycleguardian, shapeOf } from "./cycleguardianRun.js";
import { cycleguardianFrontEnd, cycleguardianRateHz } from "./frontEnd.js";
import { groupCount } from "./geometry.js";
import { inputShapeOf } from "./inputSource.js";
import { type CycleguardianRecipe, cycleguardianOptions, cycleguardianRecipe } from "./recipe.js";
import { cycleguardianRow } from "./rows.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 1;

/** CycleGuardian on ICBHI (papers.md 1). */
export const paper: Paper = {
  id: "cycleguardian",
  citation: "CycleGuardian: group frames, deep clustering and group-mix contrast, ICBHI 2017",
  options: (request) => cycleguardianOptions(recipeOf(request, request.profile)),
  prepare(request: RunRequest): PreparedRun {
    const { task, fold = "official", protocol, preset, seed, precision = "float32", set, budget, dataDir } = request;
    const asked = adjusted(recipeOf(request, request.profile), { set, budget });
    const recipe = withoutAudio(asked);
    if (recipe.input === "icbhi-logmel") requireMapsOnly({ augmentation: recipe.augmentation, padding: "tile" });
    const full = withoutAudio(adjusted(recipeOf(request, "full"), { set: withoutShortening(set) }));
    const { split, data, runSplit } = icbhiRunData({
      ...{ dataDir, fold, protocol, classes: icbhiClassesOf(task), input: recipe.input },
      sampleRateHz: cycleguardianRateHz(preset),
    });
    const fullStepsPerEpoch = Math.ceil(split.train.length / full.batchSize);
    const stepsPerEpoch = recipe.stepsPerEpoch ?? fullStepsPerEpoch;
    const shape = shapeOf(recipe, preset);
    const groups = groupCount(shape);
    const reduced = reduction(recipe, full, fullStepsPerEpoch, budget);
    const left =
      asked.augmentation === recipe.augmentation ? undefined : "stored maps: augmentation of waveforms left out";
    return {
      identity: {
        ...{ recipeVersion: RECIPE_VERSION, paper: "cycleguardian", task, fold, protocol, preset, seed },
        ...{ recipe, stepsPerEpoch, shape },
        input: inputText(recipe, preset),
        ...{ data: data.digest, split: split.digest },
      },
      data,
      split: runSplit,
      inputs: runInputsOf(split, {
        train: evenly(split.train, recipe.trainItems),
        select: evenly(split.select, recipe.selectItems),
        ...(recipe.testItems !== undefined && { testItems: recipe.testItems }),
      }),
      work: {
        network: `cycleguardian, ${groups} groups of ${recipe.framesPerGroup}${recipe.contrast ? ", mixed" : ""}`,
        ...{ input: inputShapeOf(recipe, preset), batchSize: recipe.batchSize, epochs: recipe.epochs, stepsPerEpoch },
        ...evaluatedItems(evaluatedIcbhi({ split, recipe })),
      },
      settings: { ...recipe, groups, stepsPerEpoch },
      reduced: [reduced, left].filter((part) => part !== undefined).join("; ") || undefined,
      precision,
      probe: (signal) => probeCycleguardian({ recipe, preset, split, precision, signal }),
      execute: (context) =>
        runCycleguardian({ dataDir, split, preset, recipe, stepsPerEpoch, seed, precision }, context),
    };
  },
};

/** All that decides the maps; those of training are computed in single precision, as the step is. */
function inputText({ input }: CycleguardianRecipe, preset: RunRequest["preset"]): string {
  if (input === "icbhi-logmel") return LOGMEL_ADAPTER.text;
  // Their filter banks take a twentieth of a second to make.
  return loadedOnce(["cycleguardian input", preset], () => {
    const [evaluated, trained] = (["double", "single"] as const).map((precision) =>
      digestText(cycleguardianFrontEnd(preset, precision)),
    );
    return `${evaluated}; in training ${trained}`;
  });
}

function recipeOf({ experiment, row, task, preset }: RunRequest, profile: RunRequest["profile"]): CycleguardianRecipe {
  return cycleguardianRecipe(cycleguardianRow(experiment, row), { classes: icbhiClassesOf(task), preset, profile });
}

/** Stored maps have no sound: of both kinds of augmentation the spectrogram's is left. Rows about sound alone are refused. */
function withoutAudio(recipe: CycleguardianRecipe): CycleguardianRecipe {
  const both = recipe.input === "icbhi-logmel" && recipe.augmentation === "both";
  return both ? { ...recipe, augmentation: "spectrogram" } : recipe;
}
