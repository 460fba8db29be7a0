import path from "node:path";
import { assertRole, type Example } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { assessSprSound, meanAssessment } from "../../evaluation/sprsoundAssessment.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import type { Receiver } from "../../nn/weights/initialWeights.js";
import { readWeights, weightShapes, writeWeights } from "../../nn/weights/modelWeights.js";
import { torchvisionResnet } from "../../nn/weights/torchLayout.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import { freezeLayers, trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { withDropout } from "../../training/withDropout.js";
import { evenly } from "../evenly.js";
import type { RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { linkPretraining, readPretraining } from "../pretrainingFiles.js";
import { probeSteps } from "../probeSteps.js";
import type { PretrainingSummary, RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import { leaveEmbeddings } from "../selectEmbeddings.js";
import type { StartingWeights } from "../startingWeights.js";
import { trainAndTest } from "../trainAndTest.js";
import type { UnitSeconds } from "../trainingWork.js";
import { supconMfcc, supconTestPath } from "./frontEnd.js";
import { supconItems, trainingItems } from "./inputs.js";
import { storedMaps } from "./maps.js";
import { CLASSIFIER, classifierNetwork, EMBEDDING } from "./network.js";
import type { Level, SupconNetwork, SupconRecipe } from "./recipe.js";

export interface ClassifierRun {
  split: SprSoundSplit;
  /** Of its inputs; those of a classifier of windows are no recordings, whatever its task is. */
  level: Level;
  network: SupconNetwork;
  recipe: SupconRecipe;
  stepsPerEpoch: number;
  seed: number;
  /** Undefined: from scratch, or from the pretraining. */
  start: StartingWeights | undefined;
  precision: Precision;
}

/** What a file of weights must fit; undefined where a row takes none. */
export function classifierReceiver(
  network: SupconNetwork,
  recipe: SupconRecipe,
  labels: readonly string[],
): Receiver | undefined {
  if (network !== "resnet18" || recipe.pretraining) return undefined;
  const model = classifierNetwork(network, recipe, labels);
  const shapes = weightShapes(model);
  model.dispose();
  const name = `ResNet-18 with one input channel and ${labels.length} classes`;
  return { name, shapes, head: "fc", names: torchvisionResnet };
}

/** What a step and an evaluated item of a row's classifier cost here. */
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
    optimizer: new Adam(learntParameters(model, recipe), { weightDecay: recipe.weightDecay }),
    loss: crossEntropy,
    inputShape: [supconMfcc.rows, recipe.frames, 1],
    classes: labels.length,
    batchSize: recipe.batchSize,
    dropout: recipe.frozenMode === "training",
    precision,
    signal,
  });
}

/** Threads that make batches: cutting stored maps takes one of them a small part of a step. */
const BATCH_WORKERS = 1;

/** A row, from recordings to a result: features, training, choice of the epoch on the select role, test. */
export async function runClassifier(run: ClassifierRun, context: RunContext): Promise<RunResult> {
  const { split, network, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split.task;
  const { epochs, learningRate, weightDecay, batchSize } = recipe;
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const evaluated = evaluatedClassifier(run);
  const { select, tests, testItems } = evaluated;
  // At the door: features and a network take their time.
  assertRole(training, "train");
  assertRole(select, "select");
  requireTrainable(countByClass(split.train, labels), batchSize);

  // ---- features and model -------------------------------------------------------------------------
  const tested = Object.values(tests).flatMap((set) => evenly(set.items(), testItems));
  const maps = await storedMaps([...training, ...select, ...tested], context);
  const inputShape = [maps.rows, recipe.frames, 1] as const;
  const model = classifierNetwork(network, recipe, labels);
  initialiseWeights(model, streams);
  run.start?.putInto(model);
  const pretraining = recipe.pretraining && startFromPretraining(model, context);
  const optimizer = new Adam(learntParameters(model, recipe), { weightDecay });
  const batches = await prepareBatches({
    program: supconItems,
    options: trainingItems(training, maps, recipe, labels.length, stepsPerEpoch, streams),
    ...{ inputShape, classes: labels.length, workers: BATCH_WORKERS, epochs, stepsPerEpoch },
  });
  const dropsOut = recipe.frozenMode === "training";

  try {
    const result = await trainAndTest(
      {
        ...{ model, optimizer, loss: crossEntropy, stepsPerEpoch, precision, batchSize, split, training, streams },
        learningRate: byEpoch(constant(learningRate)),
        batch: dropsOut ? withDropout(batches.batch, streams) : batches.batch,
        evaluated: {
          ...evaluated,
          ...{ epochs, labels, inputShape },
          writeInput(example, { what, epoch, index }, out, offset) {
            const place = recipe.evaluationCrop === "centre" ? "centre" : streams.stream(`crop ${what}`, epoch, index);
            maps.write(example, recipe.frames, place, out, offset);
          },
          assess: (request) => assessSprSound({ ...request, adventitiousFrom: split.task.adventitiousFrom }),
          ...(evaluated.published && { draw: balancedAsPublished(streams) }),
          overTests: ({ inter, intra }, resampling) =>
            meanAssessment([inter!, intra!], split.task.adventitiousFrom, resampling),
        },
        chosenBy: chosenBy(recipe, evaluated.published),
        takesLast: recipe.snapshot === "last",
        keep: () => saveClassifier(model, run, context),
      },
      context,
    );
    if (pretraining) {
      await leaveEmbeddings({
        ...{ runFolder: context.runFolder, model, layer: EMBEDDING, examples: select, labels, inputShape },
        write: (item, out, offset) => maps.write(item, recipe.frames, "centre", out, offset),
        ...{ signal: context.signal, warn: context.warn },
        onProgress: (progress) => context.progress({ phase: "embeddings", ...progress }),
      });
    }
    return { ...result, ...(pretraining && { pretraining }) };
  } finally {
    await batches.close();
    optimizer.dispose();
    model.dispose();
  }
}

function chosenBy({ snapshot }: SupconRecipe, published: boolean): string {
  if (snapshot === "last") return "the last epoch";
  return published ? "best select Score, class-balanced draws" : "best select Score";
}

/** Who is looked at, of the roles and of each test set. */
export function evaluatedClassifier({ split, recipe }: Pick<ClassifierRun, "split" | "recipe">) {
  const { selectItems, testItems, trainItems, assessedTrainItems } = recipe;
  return {
    published: split.protocol === "published",
    chooseBy: "select" as const,
    select: evenly(split.select, selectItems),
    train: evenly(evenly(split.train, trainItems), assessedTrainItems),
    tests: split.tests,
    ...(testItems !== undefined && { testItems }),
  };
}

/** The paper's loaders of training and validation items draw with weights of 1 / class count (papers.md 3.5). */
export function balancedAsPublished(streams: Streams) {
  return (examples: readonly Example[], { epoch, what }: { epoch: number; what: string }) =>
    drawBalanced(
      examples.map(({ label }) => label),
      examples.length,
      streams.stream(`${what} balanced`, epoch),
    );
}

/** What training changes: on a pretrained encoder the last layer, else all. Freezes the others, in evaluation mode unless asked otherwise. */
function learntParameters(model: TensorFlow.LayersModel, { frozenMode }: SupconRecipe): TensorFlow.Variable[] {
  if (frozenMode === "evaluation") freezeLayers(model, (name) => name !== CLASSIFIER);
  if (frozenMode !== "training") return trainableParameters(model);
  return model.getLayer(CLASSIFIER).trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
}

/** Puts encoder and head as they were pretrained into the model, and their files beside the run's. */
function startFromPretraining(model: TensorFlow.LayersModel, context: RunContext): PretrainingSummary {
  const folder = context.stages.pretraining!;
  const { weights, record } = readPretraining(folder);
  for (const file of linkPretraining(folder, context.runFolder)) context.recorder.artifact(file, "pretraining");
  writeWeights(model, new Map([...readWeights(model), ...weights]));
  const { weightsSha256: sha256, epochs, chosenEpoch, chosenBy, seconds, history } = record;
  for (const { epoch, metrics } of history) {
    const named = Object.entries(metrics).map(([name, value]) => [`pretraining/${name}`, value] as const);
    context.recorder.metrics(Object.fromEntries(named), epoch);
  }
  return { id: path.basename(folder), sha256, epochs, chosenEpoch, chosenBy, seconds, history };
}

function saveClassifier(
  model: TensorFlow.LayersModel,
  { split, level, recipe }: ClassifierRun,
  context: RunContext,
): void {
  const { id, labels } = split.task;
  const random: Record<string, string> = { longer: "cropped at random", shorter: "placed at random" };
  const otherwise = recipe.evaluationCrop === "random" ? random : {};
  const inputShape = [supconMfcc.rows, recipe.frames, 1];
  const isOfWindows = level !== split.task.level;
  const preprocessing = preprocessingOf(
    supconTestPath(isOfWindows ? "windows" : level),
    { inputShape, task: `sprsound/${isOfWindows ? `${id}-windows` : id}`, labels },
    otherwise,
  );
  saveModel(model, path.join(context.runFolder, "model"), preprocessing);
}
