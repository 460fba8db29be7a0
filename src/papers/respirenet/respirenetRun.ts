import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { IcbhiSplit } from "../../datasets/icbhi/split.js";
import { assertRole, type Example } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { accuracy } from "../../evaluation/confusion.js";
import { assessIcbhi, type IcbhiAssessment } from "../../evaluation/icbhiAssessment.js";
import type { Standard } from "../../features/normalise.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Sgd } from "../../training/optimizers/sgd.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, constant } from "../../training/schedule.js";
import { withDropout } from "../../training/withDropout.js";
import { evaluatedIcbhi } from "../evaluatedIcbhi.js";
import type { Evaluated } from "../evaluator.js";
import { evenly } from "../evenly.js";
import type { Preset, RunContext } from "../paper.js";
import { preprocessingOf } from "../preprocessing.js";
import { probeSteps } from "../probeSteps.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import type { StartingWeights } from "../startingWeights.js";
import type { StoredItems } from "../storedItems.js";
import { TestOpenings } from "../testOpenings.js";
import { trainAndTest } from "../trainAndTest.js";
import type { UnitSeconds } from "../trainingWork.js";
import { storedCycles } from "./clips.js";
import { EvaluatedCycles, inputOf } from "./evaluatedCycles.js";
import { respirenetInputShape, respirenetTestPath } from "./frontEnd.js";
import { imageStatistics } from "./imageStatistics.js";
import { type RespirenetItemsOptions, respirenetItems } from "./inputs.js";
import { leaveLooks } from "./looks.js";
import { respirenetClassWeights, respirenetNetwork } from "./network.js";
import type { RespirenetRecipe } from "./recipe.js";
import { type LabelledItem, trainingItemsOf } from "./trainingItems.js";

export interface RespirenetRun {
  split: IcbhiSplit;
  preset: Preset;
  recipe: RespirenetRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
  /** Undefined: from scratch. */
  start: StartingWeights | undefined;
  /** Whether it leaves what its network looked at (Figures 3 and 5). */
  looks?: boolean;
}

/** Cycles that are evaluated at once: pictures are large. */
export const EVALUATED_AT_ONCE = 16;
/** Threads that make batches: a picture takes a small part of a step. */
const BATCH_WORKERS = 1;

/** What a step and an evaluated window cost here. */
export function probeRespirenet({
  recipe,
  split,
  precision,
  signal,
}: Pick<RespirenetRun, "recipe" | "split" | "precision"> & { signal: AbortSignal }): Promise<UnitSeconds> {
  const inputShape = respirenetInputShape(recipe);
  const classes = split.labels.length;
  const model = respirenetNetwork({ classes, inputShape });
  initialiseWeights(model, new Streams(0));
  return probeSteps({
    ...{ model, optimizer: optimizerOf(model, recipe), loss: lossOf(recipe, classes) },
    ...{ inputShape, classes, batchSize: recipe.batchSize, evaluationBatch: EVALUATED_AT_ONCE, dropout: true },
    ...{ precision, signal },
  });
}

/** A row, from recordings to a result. */
export async function runRespirenet(run: RespirenetRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, seed } = run;
  const training = evenly(split.train, recipe.trainItems);
  const evaluated = evaluatedIcbhi(run);
  assertRole(training, "train");
  requireTrainable(countByClass(split.train, split.labels), recipe.batchSize);
  const cycles = await openCycles(run, training, context);
  const model = respirenetNetwork({ classes: split.labels.length, inputShape: respirenetInputShape(recipe) });
  initialiseWeights(model, new Streams(seed));
  run.start?.putInto(model);
  try {
    const result = await trainOn(model, { run, cycles, training, evaluated, purpose: "", context });
    return { ...result, imageStatistics: cycles.standard };
  } finally {
    model.dispose();
  }
}

/** What a run's pictures are made of. */
export interface OpenedCycles {
  stored: StoredItems;
  evaluated: EvaluatedCycles;
  standard: Standard;
}

/** Of test cycles whose label is not asked for. */
const UNKNOWN = -1;

/**
 * @param training whose pictures' statistics standardise all
 * @param known those statistics, where an earlier stage has them
 */
export async function openCycles(
  { split, recipe, seed }: RespirenetRun,
  training: readonly Example<"train">[],
  context: Pick<RunContext, "runFolder" | "signal" | "progress">,
  known?: Standard,
): Promise<OpenedCycles> {
  const select = evenly(split.select, recipe.selectItems);
  const openings = new TestOpenings(path.join(context.runFolder, "testOpenings.jsonl"));
  // Neighbours are chosen by their labels, which are sealed.
  const tested: readonly LabelledItem[] = evenly(
    recipe.smartPaddingAtTest
      ? split.tests.test.open("neighbours of test cycles, smart padding", (touch) => openings.record(touch))
      : split.tests.test.items().map((item) => ({ ...item, label: UNKNOWN })),
    recipe.testItems,
  );
  const stored = await storedCycles(recipe.bandPass, [...training, ...select, ...tested], context);
  const statistics = () =>
    imageStatistics(
      itemsOf(training, stored, { ...recipe, cba: "none" }, split, seed),
      (cycle) => stored.map(training[cycle]!),
      recipe,
      context,
    );
  const standard = known ?? (await keptStatistics(context.runFolder, statistics));
  const looked = [...select, ...tested];
  return { stored, standard, evaluated: new EvaluatedCycles(looked, (item) => stored.map(item), recipe, standard) };
}

/** Computed once for a run, whatever its sittings. */
async function keptStatistics(runFolder: string, compute: () => Promise<Standard>): Promise<Standard> {
  const file = path.join(runFolder, "imageStatistics.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Standard;
  const standard = await compute();
  writeJsonAtomic(file, standard);
  return standard;
}

function itemsOf(
  training: readonly Example<"train">[],
  stored: StoredItems,
  recipe: RespirenetRecipe,
  { labels }: IcbhiSplit,
  seed: number,
) {
  const samples = training.map((example) => stored.map(example).length);
  return trainingItemsOf({ examples: training, samples, classes: labels.length }, recipe, new Streams(seed));
}

export interface TrainedOn {
  run: RespirenetRun;
  cycles: OpenedCycles;
  training: readonly Example<"train">[];
  evaluated: Pick<Evaluated<IcbhiAssessment>, "published" | "chooseBy" | "select" | "tests" | "testItems">;
  /** Tells the random streams of stages apart. */
  purpose: string;
  context: RunContext;
}

/** Trains the model as it stands, on some cycles; keeps the chosen epoch in the context's folder. */
export async function trainOn(
  model: TensorFlow.LayersModel,
  { run, cycles, training, evaluated, purpose, context }: TrainedOn,
): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed, precision } = run;
  const { labels } = split;
  const { epochs, batchSize, learningRate } = recipe;
  const { stored, standard } = cycles;
  const classes = labels.length;
  const inputShape = respirenetInputShape(recipe);
  const streams = new Streams(seed);
  const optimizer = optimizerOf(model, recipe);
  const batches = await prepareBatches({
    program: respirenetItems,
    options: inputOptions(run, { training, stored, standard, purpose }),
    ...{ inputShape, classes, workers: BATCH_WORKERS, epochs, stepsPerEpoch },
  });
  const { published } = evaluated;
  const byAccuracy = recipe.chooseBy === "accuracy";
  try {
    return await trainAndTest(
      {
        ...{ model, optimizer, stepsPerEpoch, precision, batchSize, split, training, streams },
        loss: lossOf(recipe, classes),
        learningRate: byEpoch(constant(learningRate)),
        batch: withDropout(batches.batch, streams, `${purpose}dropout`),
        evaluated: {
          ...evaluated,
          ...{ epochs, labels, inputShape, evaluationBatch: EVALUATED_AT_ONCE, assess: assessIcbhi },
          windowsOf: (example) => cycles.evaluated.count(example),
          writeInput: (example, { window }, out, offset) => cycles.evaluated.write(example, window, out, offset),
          ...(byAccuracy && { worth: ({ confusion }) => accuracy(confusion) }),
        },
        chosenBy: `best ${published ? "test" : "select"} ${byAccuracy ? "accuracy" : "Score"}`,
        async keep({ answers }) {
          keepModel(model, run, standard, context);
          if (!run.looks) return;
          await leaveLooks({ model, recipe, labels, cycles: cycles.evaluated, answers: answers.test! }, context);
        },
      },
      context,
    );
  } finally {
    await batches.close();
    optimizer.dispose();
  }
}

/** Saves the model with what makes its inputs. */
export function keepModel(
  model: TensorFlow.LayersModel,
  { split, recipe }: RespirenetRun,
  standard: Standard,
  { runFolder }: Pick<RunContext, "runFolder">,
): void {
  const { labels, classes } = split;
  const about = { inputShape: respirenetInputShape(recipe), task: `icbhi/${classes}-class`, labels };
  const otherwise = {
    cut: "cycles from the resampled recording",
    ...(recipe.smartPaddingAtTest && { padding: "neighbours, by their labels" }),
  };
  const preprocessing = preprocessingOf(respirenetTestPath(inputOf(recipe, standard)), about, otherwise);
  saveModel(model, path.join(runFolder, "model"), preprocessing);
}

function optimizerOf(model: TensorFlow.LayersModel, { momentum, weightDecay }: RespirenetRecipe): Sgd {
  return new Sgd(trainableParameters(model), { momentum, weightDecay });
}

function lossOf({ classWeights }: RespirenetRecipe, classes: number): typeof crossEntropy {
  if (!classWeights) return crossEntropy;
  const options = { classWeights: respirenetClassWeights(classes) };
  return (logits, targets) => crossEntropy(logits, targets, options);
}

/** What the workers that make training batches are told. */
export function inputOptions(
  { split, preset, recipe, stepsPerEpoch, seed }: Omit<RespirenetRun, "start" | "precision">,
  { training, stored, standard, purpose }: InputsOf,
): RespirenetItemsOptions {
  const { seconds, padding, imageScale, clipBlank, augmentation, balanced, batchSize, mixUpAlpha } = recipe;
  const { maps, places } = stored.forWorkers(training);
  return {
    ...{ seconds, padding, imageScale, clipBlank, augmentation, balanced, batchSize },
    ...(mixUpAlpha !== undefined && { mixUpAlpha }),
    ...{ preset, cycles: maps, places, items: itemsOf(training, stored, recipe, split, seed), standard },
    ...{ classes: split.labels.length, stepsPerEpoch, seed, purpose },
  };
}

interface InputsOf extends Pick<TrainedOn, "training" | "purpose">, Pick<OpenedCycles, "stored" | "standard"> {}
