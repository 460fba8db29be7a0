import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { loadIcbhiLogmel } from "../../datasets/icbhiLogmel/load.js";
import { assertRole } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { lastTenth } from "../../evaluation/median.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { writeWeights } from "../../nn/weights/modelWeights.js";
import { Streams } from "../../random/streams.js";
import { Checkpoints } from "../../training/checkpoint.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { train } from "../../training/train.js";
import type { TrainingState } from "../../training/trainingState.js";
import { WorkMeter } from "../../training/workMeter.js";
import { evaluatedItems } from "../evaluatedItems.js";
import { evenly } from "../evenly.js";
import { IcbhiEvaluator } from "../icbhiEvaluator.js";
import type { RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { probeSteps } from "../probeSteps.js";
import { recordEpoch } from "../recordEpoch.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import { TestOpenings } from "../testOpenings.js";
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

/** Cost of a training item relative to an evaluated one, before either was measured. */
const TRAINING_COST = 3;
/** Resamples of patients for the intervals. */
const DRAWS = 2000;

/** The floor, from stored maps to a result: training, choice of the epoch, test. */
export async function runBaseline(run: BaselineRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split;
  const { epochs, batchSize, learningRate, weightDecay, testItems } = recipe;
  const published = split.protocol === "published";
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const select = evenly(split.select, recipe.selectItems);
  assertRole(training, "train");
  requireTrainable(countByClass(training, labels), batchSize);

  // ---- model --------------------------------------------------------------------------------------
  const model = network(labels);
  initialiseWeights(model, streams);
  const parameters = trainableParameters(model);
  const optimizer = new Adam(parameters, { weightDecay });
  const { identity, mayWrite } = context;
  const checkpoints = new Checkpoints<TrainingState>(`${context.runFolder}/checkpoints`, identity, mayWrite);

  // ---- evaluation and progress --------------------------------------------------------------------
  const meter = new WorkMeter();
  const tell = (detail: string) =>
    context.progress({ phase: "training", ...meter.estimate(), detail, measured: meter.measured() });
  const maps = loadIcbhiLogmel(run.dataDir);
  const writeInput = inputWriter(maps);
  const openings = new TestOpenings(`${context.runFolder}/testOpenings.jsonl`);
  const evaluator = new IcbhiEvaluator({
    ...{ model, inputShape: BASELINE_INPUT, labels, epochs, published, select, openings, writeInput },
    test: split.tests.test,
    ...(testItems !== undefined && { testItems }),
    signal: context.signal,
    onItems(count, detail) {
      meter.advance("evaluate", count);
      tell(detail);
    },
  });
  const { itemsPerEpoch, itemsAtEnd } = evaluatedItems({ tests: split.tests, select, published, recipe });

  try {
    // ---- training ---------------------------------------------------------------------------------
    const classes = labels.length;
    const { history, best, changes } = await train({
      ...{ model, optimizer, loss: crossEntropy, epochs, stepsPerEpoch, checkpoints, precision },
      learningRate: byEpoch(constant(learningRate)),
      batch: balancedBatches({ examples: training, writeInput, classes, batchSize, stepsPerEpoch, streams }),
      evaluate: (epoch) => evaluator.afterEpoch(epoch),
      onStart(done, before) {
        const steps = done.epoch * stepsPerEpoch + done.step;
        meter.plan("train", epochs * stepsPerEpoch, TRAINING_COST * batchSize, steps);
        meter.plan("evaluate", epochs * itemsPerEpoch + itemsAtEnd, 1, done.epoch * itemsPerEpoch);
        for (const record of before) context.onEpoch?.(record);
      },
      onEpoch(record) {
        recordEpoch(context.recorder, record);
        context.onEpoch?.(record);
      },
      onProgress({ epoch, step, loss }) {
        meter.advance("train", 1);
        tell(`epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, loss ${loss.toFixed(3)}`);
      },
      warn: context.warn,
      signal: context.signal,
    });

    // ---- the chosen epoch ---------------------------------------------------------------------------
    const started = performance.now();
    writeWeights(model, best.weights);
    const { test, calibration } = await evaluator.atEnd(best.epoch, { draws: DRAWS, streams });
    const task = `icbhi/${split.classes}-class`;
    const otherwise = { cut: "cycles from the band-limited recording" };
    const preprocessing = preprocessingOf(baselineTestPath(), { inputShape: BASELINE_INPUT, task, labels }, otherwise);
    saveModel(model, `${context.runFolder}/model`, preprocessing);
    const role = published ? "test" : "select";
    const watched = history.map(({ metrics }) => metrics[`${role}/score`]!);
    return {
      epochs,
      stepsPerEpoch,
      parameters: parameters.reduce((sum, parameter) => sum + parameter.size, 0),
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0) + (performance.now() - started) / 1000,
      chosenEpoch: best.epoch,
      chosenBy: `best ${role} Score`,
      tests: { test },
      lastEpochs: { role, ...lastTenth(watched) },
      lastEpochScore: watched.at(-1)!,
      history,
      ...(calibration && { calibration }),
      ...(changes.length > 0 && { changes }),
      testOpenings: openings.all(),
      splitNotes: [...split.describe],
      counts: { train: countByClass(training, labels), select: countByClass(select, labels) },
    };
  } finally {
    maps.close();
    optimizer.dispose();
    model.dispose();
  }
}
