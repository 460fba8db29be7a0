import { assertRole, type Example, type SealedTestSet } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { lastTenth } from "../../evaluation/median.js";
import { meanAssessment } from "../../evaluation/sprsoundAssessment.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { leanCnn } from "../../nn/backbones/leanCnn.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import type { Receiver } from "../../nn/weights/initialWeights.js";
import { weightShapes, writeWeights } from "../../nn/weights/modelWeights.js";
import { torchvisionResnet } from "../../nn/weights/torchLayout.js";
import { openOrBuildFeatures } from "../../node/featureStore/openOrBuild.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { Checkpoints } from "../../training/checkpoint.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { train } from "../../training/train.js";
import type { TrainingState } from "../../training/trainingState.js";
import { WorkMeter } from "../../training/workMeter.js";
import { evenly } from "../evenly.js";
import type { RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { probeSteps } from "../probeSteps.js";
import { recordEpoch } from "../recordEpoch.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import type { StartingWeights } from "../startingWeights.js";
import { TestOpenings } from "../testOpenings.js";
import type { UnitSeconds } from "../trainingWork.js";
import { supconClips, supconClipsPlace } from "./clipBuilder.js";
import { SupconEvaluator } from "./evaluator.js";
import { supconMfcc, supconTestPath } from "./frontEnd.js";
import { ItemMaps, supconItems, trainingItems } from "./inputs.js";
import type { SupconNetwork, SupconRecipe } from "./recipe.js";

export interface ClassifierRun {
  split: SprSoundSplit;
  network: SupconNetwork;
  recipe: SupconRecipe;
  stepsPerEpoch: number;
  seed: number;
  /** Undefined: from scratch. */
  start: StartingWeights | undefined;
  precision: Precision;
}

const BACKBONES = { resnet18, leanCnn };

function classifierNetwork(
  network: SupconNetwork,
  { frames }: SupconRecipe,
  labels: readonly string[],
): TensorFlow.LayersModel {
  return BACKBONES[network]({ rows: supconMfcc.rows, frames, channels: 1 }, labels.length);
}

/** What a file of weights must fit; undefined where a network takes none. */
export function classifierReceiver(
  network: SupconNetwork,
  recipe: SupconRecipe,
  labels: readonly string[],
): Receiver | undefined {
  if (network !== "resnet18") return undefined;
  const model = classifierNetwork(network, recipe, labels);
  const shapes = weightShapes(model);
  model.dispose();
  const name = `ResNet-18 with one input channel and ${labels.length} classes`;
  return { name, shapes, head: "fc", names: torchvisionResnet };
}

/** What a step and an evaluated item of a row cost here. */
export function probeClassifier({
  network,
  recipe,
  labels,
  precision,
  signal,
}: Pick<ClassifierRun, "network" | "recipe" | "precision"> & {
  labels: readonly string[];
  signal: AbortSignal;
}): Promise<UnitSeconds> {
  const model = classifierNetwork(network, recipe, labels);
  initialiseWeights(model, new Streams(0));
  return probeSteps({
    model,
    optimizer: new Adam(trainableParameters(model), { weightDecay: recipe.weightDecay }),
    loss: crossEntropy,
    inputShape: [supconMfcc.rows, recipe.frames, 1],
    classes: labels.length,
    batchSize: recipe.batchSize,
    precision,
    signal,
  });
}

/** Cost of a training item relative to an evaluated one, before either was measured: forward, two gradients, the update. */
const TRAINING_COST = 5;
/** Threads that make batches: cutting stored maps takes one of them a small part of a step. */
const BATCH_WORKERS = 1;
/** Resamples of patients for the intervals. */
const DRAWS = 2000;

/** A plain row, from recordings to a result: features, training, choice of the epoch on the select role, test. */
export async function runClassifier(run: ClassifierRun, context: RunContext): Promise<RunResult> {
  const { split, network, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels, adventitiousFrom } = split.task;
  const { epochs, learningRate, weightDecay } = recipe;
  const published = split.protocol === "published";
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const select = evenly(split.select, recipe.selectItems);
  const tests = Object.entries(split.tests) as [string, SealedTestSet][];
  // At the door: features and a network take their time.
  assertRole(training, "train");
  assertRole(select, "select");
  requireTrainable(countByClass(split.train, labels), recipe.batchSize);

  // ---- features and model -------------------------------------------------------------------------
  const maps = await storedMaps(run, training, select, tests, context);
  const model = classifierNetwork(network, recipe, labels);
  initialiseWeights(model, streams);
  run.start?.putInto(model);
  const parameters = trainableParameters(model);
  const optimizer = new Adam(parameters, { weightDecay });
  const { identity, mayWrite } = context;
  const checkpoints = new Checkpoints<TrainingState>(`${context.runFolder}/checkpoints`, identity, mayWrite);

  // ---- evaluation and progress --------------------------------------------------------------------
  const meter = new WorkMeter();
  const tell = (detail: string) =>
    context.progress({ phase: "training", ...meter.estimate(), detail, measured: meter.measured() });
  const openings = new TestOpenings(`${context.runFolder}/testOpenings.jsonl`);
  const evaluator = new SupconEvaluator({
    model,
    maps,
    recipe,
    labels,
    adventitiousFrom,
    published,
    select,
    tests,
    openings,
    streams,
    signal: context.signal,
    onItems(count, detail) {
      meter.advance("evaluate", count);
      tell(detail);
    },
  });
  const { perEpoch, atEnd } = evaluator.workload();

  // ---- training -----------------------------------------------------------------------------------
  const batches = await prepareBatches({
    program: supconItems,
    options: trainingItems(training, maps, recipe, labels.length, stepsPerEpoch, streams),
    inputShape: [maps.rows, recipe.frames, 1],
    classes: labels.length,
    workers: BATCH_WORKERS,
    ...{ epochs, stepsPerEpoch },
  });
  const { history, best, changes } = await train({
    ...{ model, optimizer, loss: crossEntropy, epochs, stepsPerEpoch, checkpoints, precision },
    learningRate: byEpoch(constant(learningRate)),
    batch: batches.batch,
    evaluate: (epoch) => evaluator.afterEpoch(epoch),
    onStart(done, before) {
      meter.plan(
        "train",
        epochs * stepsPerEpoch,
        TRAINING_COST * recipe.batchSize,
        done.epoch * stepsPerEpoch + done.step,
      );
      meter.plan("evaluate", epochs * perEpoch + atEnd, 1, done.epoch * perEpoch);
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
  }).finally(() => batches.close());

  // ---- the chosen epoch -----------------------------------------------------------------------------
  const started = performance.now();
  writeWeights(model, best.weights);
  const resampling = { draws: DRAWS, streams };
  const { tests: onTests, calibration } = await evaluator.atEnd(best.epoch, resampling);
  const inputShape = [maps.rows, recipe.frames, 1];
  const task = `sprsound/${split.task.id}`;
  const random: Record<string, string> = { longer: "cropped at random", shorter: "placed at random" };
  const otherwise = recipe.evaluationCrop === "random" ? random : {};
  const preprocessing = preprocessingOf(supconTestPath(split.task.level), { inputShape, task, labels }, otherwise);
  saveModel(model, `${context.runFolder}/model`, preprocessing);
  optimizer.dispose();
  model.dispose();
  const watched = history.map(({ metrics }) => metrics[published ? "test/mean/score" : "select/score"]!);
  return {
    epochs,
    stepsPerEpoch,
    parameters: parameters.reduce((sum, parameter) => sum + parameter.size, 0),
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0) + (performance.now() - started) / 1000,
    chosenEpoch: best.epoch,
    chosenBy: published ? "best select Score, class-balanced draws" : "best select Score",
    tests: onTests,
    mean: meanAssessment([onTests.inter!, onTests.intra!], adventitiousFrom, resampling),
    lastEpochs: { role: published ? "test" : "select", ...lastTenth(watched) },
    lastEpochScore: watched.at(-1)!,
    history,
    ...(calibration && { calibration }),
    ...(changes.length > 0 && { changes }),
    testOpenings: openings.all(),
    splitNotes: [...split.describe],
    counts: { train: countByClass(training, labels), select: countByClass(select, labels) },
  };
}

/** The MFCC maps of everyone who takes part; of test sets without opening them. */
async function storedMaps(
  { recipe }: ClassifierRun,
  training: readonly Example<"train">[],
  select: readonly Example<"select">[],
  tests: readonly [string, SealedTestSet][],
  context: RunContext,
): Promise<ItemMaps> {
  const items = [...training, ...select, ...tests.flatMap(([, set]) => evenly(set.items(), recipe.testItems))];
  items.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const features = await openOrBuildFeatures({
    items,
    builder: supconClips,
    place: supconClipsPlace,
    signal: context.signal,
    onProgress: ({ done, total, secondsLeft }) =>
      context.progress({ phase: "features", fraction: done / total, secondsLeft, detail: `${done} of ${total} items` }),
  });
  return new ItemMaps(features, items);
}
