import { loadSprSound } from "../../datasets/sprsound/load.js";
import { type SprSoundSplit, sprSoundSplit } from "../../datasets/sprsound/split.js";
import { type SprSoundTask, sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { digestText } from "../../features/frontEnd.js";
import { UserError } from "../../userError.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { loadedOnce } from "../loadedOnce.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { runSplitOf } from "../runSplit.js";
import { startingWeights } from "../startingWeights.js";
import { classifierReceiver, evaluatedClassifier, probeClassifier, runClassifier } from "./classifierRun.js";
import { supconMfcc } from "./frontEnd.js";
import { pretrainingStage } from "./pretrainingStage.js";
import { adjustedRecipe, budgetShare, type SupconRow, supconOptions, supconRecipe } from "./recipe.js";
import { reductionOf } from "./reduction.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 3;

const ROWS: Readonly<Record<string, SupconRow>> = {
  CNN: { network: "leanCnn", mixUp: false, pretrained: false },
  "CNN + MixUp": { network: "leanCnn", mixUp: true, pretrained: false },
  "ResNet 18": { network: "resnet18", mixUp: false, pretrained: false },
  "ResNet 18 + SupCon": { network: "resnet18", mixUp: false, pretrained: true },
  "ResNet 18 + SupCon + MixUp": { network: "resnet18", mixUp: true, pretrained: true },
};

/** SupCon pretraining and MixUp on SPRSound (papers.md 3): the rows of Table III, on which Table I and Figure 3 stand. */
export const paper: Paper = {
  id: "supcon-sprs",
  citation: "SupCon-pretrained ResNet18 with MixUp, SPRSound, IEEE BioCAS 2023",
  options({ row, task, preset, profile }) {
    return supconOptions(supconRecipe(rowNamed(row), sprSoundTask(task).level, preset, profile));
  },
  prepare(request: RunRequest): PreparedRun {
    const row = rowNamed(request.row);
    const task = sprSoundTask(request.task);
    const { dataDir, protocol, preset, profile, seed, precision = "float32", set, budget } = request;
    const data = loadedOnce(["sprsound", dataDir], () => loadSprSound(dataDir));
    const split = splitOf(request, task, seed);
    const recipe = adjustedRecipe(supconRecipe(row, task.level, preset, profile), task.level, { set, budget });
    const full = adjustedRecipe(supconRecipe(row, task.level, preset, "full"), task.level, { set });
    const { network } = row;
    const onePass = Math.ceil(split.train.length / full.batchSize);
    const stepsPerEpoch = recipe.stepsPerEpoch ?? full.stepsPerEpoch ?? onePass;
    const later = split.tests.test2023 !== undefined;
    const receiver = request.init ? receiverOf(request.row, row, recipe, task.labels) : undefined;
    const start = receiver && startingWeights(request.init!, receiver);
    const init = start && { sha256: start.sha256, headAnew: start.headAnew };
    const stage =
      recipe.pretraining &&
      pretrainingStage({
        recipe: recipe.pretraining,
        split: recipe.pretraining.selectSlice === "own" ? splitOf(request, task, seed + OWN_SLICE) : split,
        ...{ seed, precision },
        data: data.digest,
      });
    return {
      identity: {
        recipeVersion: RECIPE_VERSION,
        paper: "supcon-sprs",
        network,
        task: task.id,
        protocol,
        preset,
        seed,
        recipe,
        stepsPerEpoch,
        pretraining: stage?.identity,
        frontEnd: digestText(supconMfcc),
        data: data.digest,
        split: split.digest,
        init,
      },
      data: {
        name: "sprsound",
        digest: data.digest,
        madeUp: data.madeUp,
        source: data.madeUp
          ? "made-up breath sounds (auscult data demo)"
          : `SPRSound, BioCAS 2022 ${later ? "and 2023 releases" : "release"}`,
        description: `${data.madeUp ? "made-up sounds in SPRSound's layout" : "SPRSound 2022"}: ${split.train.length} training ${task.level}s`,
        hasPrintedTestSet: later,
        ...(later && { printedTestSet: "test2023" }),
      },
      split: runSplitOf(split),
      inputs: runInputsOf(split, {
        train: evenly(split.train, recipe.trainItems),
        select: evenly(split.select, recipe.selectItems),
        testItems: recipe.testItems,
      }),
      work: {
        network: recipe.pretraining ? `${network}, frozen (${recipe.frozenMode})` : network,
        ...{ input: [supconMfcc.rows, recipe.frames, 1], batchSize: recipe.batchSize },
        ...{ epochs: recipe.epochs, stepsPerEpoch, perBudgetEpoch: budgetShare(full.epochs) },
        ...evaluatedItems(evaluatedClassifier({ split, recipe })),
      },
      settings: { ...recipe, stepsPerEpoch, ...(start && { init: start.sha256 }) },
      reduced: reductionOf(recipe, full, { train: split.train.length, budget }),
      precision,
      ...(start && { init: { file: start.file, says: start.says, ...init! } }),
      ...(stage && { stages: [stage] }),
      probe: (signal) => probeClassifier({ network, recipe, labels: task.labels, precision, signal }),
      execute: (context) => runClassifier({ split, network, recipe, stepsPerEpoch, seed, start, precision }, context),
    };
  },
};

/** Added to the seed of a pretraining that draws select items of its own. */
const OWN_SLICE = 1_000_000;

function splitOf({ dataDir, protocol }: RunRequest, task: SprSoundTask, seed: number): SprSoundSplit {
  const data = loadedOnce(["sprsound", dataDir], () => loadSprSound(dataDir));
  return loadedOnce(["sprsound split", dataDir, task.id, protocol, protocol === "honest" ? 0 : seed], () =>
    sprSoundSplit(data, task, protocol, { seed }),
  );
}

function rowNamed(name: string): SupconRow {
  const row = ROWS[name];
  if (row) return row;
  const built = Object.keys(ROWS).map((one) => `"${one}"`);
  throw new UserError(`row "${name}" is not built yet; built: ${built.join(", ")}`);
}

function receiverOf(
  name: string,
  row: SupconRow,
  recipe: Parameters<typeof classifierReceiver>[1],
  labels: readonly string[],
) {
  if (recipe.pretraining) throw new UserError(`--init: "${name}" starts from its own pretraining; leave one out`);
  return classifierReceiver(row.network, recipe, labels);
}
