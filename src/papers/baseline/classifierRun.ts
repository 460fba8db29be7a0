import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { assessIcbhi } from "../../evaluation/icbhiAssessment.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { Streams } from "../../random/streams.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import { evenly } from "../evenly.js";
import type { RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { probeSteps } from "../probeSteps.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import { trainAndTest } from "../trainAndTest.js";
import type { UnitSeconds } from "../trainingWork.js";
import { BASELINE_INPUT, baselineTestPath } from "./frontEnd.js";
import { balancedBatches, inputWriter } from "./inputs.js";
import type { BaselineRecipe } from "./recipe.js";

export interface BaselineRun {
  dataDir: string;
  split: IcbhiSplit;
  recipe: BaselineRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
}

/** The SupCon paper's lean CNN with more filters and fewer hidden units, for maps of 90 x 173: 1.8 million parameters. */
export const BASELINE_NETWORK = { filters: [8, 32], hidden: [64, 32] } as const;

function network(labels: readonly string[]) {
  const [rows, frames, channels] = BASELINE_INPUT;
  return leanCnn({ rows, frames, channels }, labels.length, BASELINE_NETWORK);
}

/** What a step and an evaluated cycle cost here. */
export function probeBaseline({
  recipe,
  split: { labels },
  precision,
  signal,
}: Pick<BaselineRun, "recipe" | "split" | "precision"> & { signal: AbortSignal }): Promise<UnitSeconds> {
  const model = network(labels);
  initialiseWeights(model, new Streams(0));
  const optimizer = new Adam(trainableParameters(model), { weightDecay: recipe.weightDecay });
  const { batchSize } = recipe;
  return probeSteps({
    ...{ model, optimizer, loss: crossEntropy, inputShape: BASELINE_INPUT, classes: labels.length },
    ...{ batchSize, precision, signal },
  });
}

/** The floor, from stored maps to a result: training, choice of the epoch, test. */
export async function runBaseline(run: BaselineRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split;
  const { epochs, batchSize, learningRate, weightDecay } = recipe;
  const published = split.protocol === "published";
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  assertRole(training, "train");
  requireTrainable(countByClass(training, labels), batchSize);

  // ---- model and data -------------------------------------------------------------------------------
  const model = network(labels);
  initialiseWeights(model, streams);
  const optimizer = new Adam(trainableParameters(model), { weightDecay });
  const maps = loadIcbhiLogmel(run.dataDir);
  const writeInput = inputWriter(maps);
  const task = `icbhi/${split.classes}-class`;
  const otherwise = { cut: "cycles from the band-limited recording" };
  const preprocessing = preprocessingOf(baselineTestPath(), { inputShape: BASELINE_INPUT, task, labels }, otherwise);

  try {
    const evaluated = evaluatedIcbhi(run);
    return await trainAndTest(
      {
        ...{ model, optimizer, loss: crossEntropy, stepsPerEpoch, precision, batchSize, split, training, streams },
        learningRate: byEpoch(constant(learningRate)),
        batch: balancedBatches({
          ...{ examples: training, writeInput, classes: labels.length, batchSize, stepsPerEpoch, streams },
        }),
        evaluated: {
          ...evaluated,
          ...{ epochs, labels, inputShape: BASELINE_INPUT, assess: assessIcbhi },
          writeInput: (example, _, out, offset) => writeInput(example, out, offset),
        },
        chosenBy: `best ${published ? "test" : "select"} Score`,
        keep: () => saveModel(model, `${context.runFolder}/model`, preprocessing),
      },
      context,
    );
  } finally {
    maps.close();
    optimizer.dispose();
    model.dispose();
  }
}
