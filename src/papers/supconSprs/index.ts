import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { digestText } from "../../features/frontEnd.js";
import { UserError } from "../../userError.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { loadedOnce } from "../loadedOnce.js";
import type { Paper, PreparedRun, RunRequest } from "../paper.js";
import { runInputsOf } from "../runInputs.js";
import { runSplitOf } from "../runSplit.js";
import { adjusted, reduction } from "../shortenedRecipe.js";
import { startingWeights } from "../startingWeights.js";
import { classifierReceiver, probeClassifier, runClassifier } from "./classifierRun.js";
import { supconMfcc } from "./frontEnd.js";
import { plainOptions, plainRecipe, type SupconNetwork } from "./recipe.js";

/** Raised whenever a change here alters the result of a run that asks for the same. */
const RECIPE_VERSION = 2;

const NETWORKS: Readonly<Record<string, SupconNetwork>> = { CNN: "leanCnn", "ResNet 18": "resnet18" };

/** SupCon pretraining and MixUp on SPRSound (papers.md 3). Built so far: the plain rows of Table III. */
export const paper: Paper = {
  id: "supcon-sprs",
  citation: "SupCon-pretrained ResNet18 with MixUp, SPRSound, IEEE BioCAS 2023",
  options: (request) => plainOptions(plainRecipe(sprSoundTask(request.task).level, request.preset, request.profile)),
  prepare(request: RunRequest): PreparedRun {
    const network = NETWORKS[request.row];
    if (network === undefined) {
      const built = Object.keys(NETWORKS).map((row) => `"${row}"`);
      throw new UserError(`row "${request.row}" is not built yet; built: ${built.join(", ")}`);
    }
    const task = sprSoundTask(request.task);
    const { dataDir, protocol, preset, profile, seed, precision = "float32", set, budget } = request;
    const data = loadedOnce(["sprsound", dataDir], () => loadSprSound(dataDir));
    const split = loadedOnce(["sprsound split", dataDir, task.id, protocol, protocol === "honest" ? 0 : seed], () =>
      sprSoundSplit(data, task, protocol, { seed }),
    );
    const recipe = adjusted(plainRecipe(task.level, preset, profile), { set, budget });
    const full = adjusted(plainRecipe(task.level, preset, "full"), { set });
    const fullStepsPerEpoch = full.stepsPerEpoch ?? Math.ceil(split.train.length / full.batchSize);
    const stepsPerEpoch = recipe.stepsPerEpoch ?? fullStepsPerEpoch;
    const later = split.tests.test2023 !== undefined;
    const reduced = reduction(recipe, full, fullStepsPerEpoch, budget);
    const receiver = request.init && classifierReceiver(network, recipe, task.labels);
    const start = receiver ? startingWeights(request.init!, receiver) : undefined;
    const training = evenly(split.train, recipe.trainItems);
    const select = evenly(split.select, recipe.selectItems);
    const init = start && { sha256: start.sha256, headAnew: start.headAnew };
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
        train: training,
        select,
        testItems: recipe.testItems,
      }),
      work: {
        ...{ network, input: [supconMfcc.rows, recipe.frames, 1], batchSize: recipe.batchSize },
        ...{ epochs: recipe.epochs, stepsPerEpoch },
        ...evaluatedItems({ tests: split.tests, select, published: protocol === "published", recipe }),
      },
      settings: { ...recipe, stepsPerEpoch, ...(start && { init: start.sha256 }) },
      reduced,
      precision,
      ...(start && { init: { file: start.file, says: start.says, ...init! } }),
      probe: (signal) => probeClassifier({ network, recipe, labels: task.labels, precision, signal }),
      execute: (context) => runClassifier({ split, network, recipe, stepsPerEpoch, seed, start, precision }, context),
    };
  },
};
