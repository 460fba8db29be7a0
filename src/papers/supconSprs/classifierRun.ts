import type { Example, SealedTestSet } from "../../datasets/roles.js";
import type { SprSound } from "../../datasets/sprsound/load.js";
import type { SprSoundSplit } from "../../datasets/sprsound/split.js";
import { lastTenth } from "../../evaluation/median.js";
import { assessSprSound, meanAssessment, type SprSoundAssessment } from "../../evaluation/sprsoundAssessment.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { resnet18 } from "../../nn/backbones/resnet18.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { writeWeights } from "../../nn/weights/modelWeights.js";
import { openOrBuildFeatures } from "../../node/featureStore.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { Adam } from "../../training/adam.js";
import { drawBalanced } from "../../training/balancedSampler.js";
import { Checkpoints } from "../../training/checkpoint.js";
import { predict } from "../../training/predict.js";
import { type EpochMetrics, type TrainingState, train } from "../../training/train.js";
import { WorkMeter } from "../../training/workMeter.js";
import type { RunContext } from "../paper.js";
import type { RunResult } from "../runResult.js";
import { saveModel } from "../savedModel.js";
import { supconMfcc } from "./frontEnd.js";
import { evenly, ItemMaps, trainingBatches } from "./inputs.js";
import type { SupconRecipe } from "./recipe.js";

export interface ClassifierRun {
  data: SprSound;
  split: SprSoundSplit;
  recipe: SupconRecipe;
  stepsPerEpoch: number;
  seed: number;
}

type Resampling = { draws: number; streams: Streams };

/** Relative cost of an item before it was measured: a training item is forward, two gradients and the update. */
const TRAINING_COST = 5;

/**
 * The plain ResNet 18 row, from recordings to a result: features, training, choice of the epoch on the select role, test.
 *
 * Under `published` the select role is a class-balanced resample of it, as in the paper (papers.md 3.5), and the test sets
 * are looked at after each epoch; under `honest` the select role is taken as it is and the test sets are opened once, at the end.
 */
export async function runClassifier(run: ClassifierRun, context: RunContext): Promise<RunResult> {
  const { split, recipe, stepsPerEpoch, seed } = run;
  const { recorder, signal } = context;
  const { labels, adventitiousFrom } = split.task;
  const published = split.protocol === "published";
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, recipe.trainItems);
  const selecting = evenly(split.select, recipe.selectItems);
  const openings: RunResult["testOpenings"] = [];
  const open = (set: SealedTestSet, purpose: string) =>
    evenly(
      set.open(purpose, (touch) => openings.push(touch)),
      recipe.testItems,
    );

  // ---- features -------------------------------------------------------------------------------------
  const testSets = Object.entries(split.tests) as [string, SealedTestSet][];
  const items = [...training, ...selecting, ...testSets.flatMap(([, set]) => evenly(set.items(), recipe.testItems))];
  items.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const features = await openOrBuildFeatures({
    name: `sprsound/${split.task.level}`,
    dataDigest: run.data.digest,
    items,
    frontEnd: supconMfcc,
    signal,
    onProgress: (done, total) =>
      context.progress({ phase: "features", fraction: done / total, detail: `${done} of ${total} items` }),
  });
  const maps = new ItemMaps(features, items);

  // ---- model ------------------------------------------------------------------------------------------
  const inputShape = [maps.rows, recipe.frames, 1] as const;
  const model = resnet18({ rows: maps.rows, frames: recipe.frames, channels: 1 }, labels.length);
  initialiseWeights(model, streams);
  const parameters = model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
  const { learningRate, weightDecay, epochs } = recipe;
  const optimizer = new Adam(parameters, { learningRate, weightDecay });
  const checkpoints = new Checkpoints<TrainingState>(`${context.runFolder}/checkpoints`, context.signature);

  // ---- progress -----------------------------------------------------------------------------------------
  const meter = new WorkMeter();
  const testCount = testSets.reduce((sum, [, set]) => sum + Math.min(set.count, recipe.testItems ?? Infinity), 0);
  const done = checkpoints.latest(() => {})?.state.epoch ?? 0;
  const perEpoch = selecting.length + (published ? testCount : 0);
  meter.plan("train", epochs * stepsPerEpoch, TRAINING_COST * recipe.batchSize, done * stepsPerEpoch);
  meter.plan("evaluate", epochs * perEpoch + testCount, 1, done * perEpoch);
  const tell = (detail: string) => context.progress({ phase: "training", ...meter.estimate(), detail });

  // ---- evaluation -----------------------------------------------------------------------------------------
  const logitsOf = (examples: readonly Example[], epoch: number, what: string) => {
    let last = 0;
    return predict({
      model,
      count: examples.length,
      inputShape,
      classes: labels.length,
      signal,
      writeInput(index, out, offset) {
        const place = recipe.evaluationCrop === "centre" ? "centre" : streams.stream(`crop ${what}`, epoch, index);
        maps.write(examples[index]!, recipe.frames, place, out, offset);
      },
      onProgress(count, total) {
        meter.advance("evaluate", count - last);
        last = count;
        tell(`epoch ${epoch} of ${epochs}, ${what}, ${count} of ${total}`);
      },
    });
  };
  const assessTests = async (epoch: number, purpose: string, resampling?: Resampling) => {
    const results: Record<string, SprSoundAssessment> = {};
    for (const [name, set] of testSets) {
      const examples = open(set, purpose);
      const logits = await logitsOf(examples, epoch, name);
      results[name] = assessSprSound({ examples, logits, labels, adventitiousFrom, resampling });
    }
    return results;
  };
  const evaluate = async (epoch: number): Promise<EpochMetrics> => {
    const metrics: Record<string, number> = {};
    const logits = await logitsOf(selecting, epoch, "select");
    // The paper's validation loader draws class-balanced with replacement; each item is computed once and counted as drawn.
    const counted = published
      ? drawBalanced(
          selecting.map((e) => e.label),
          selecting.length,
          streams.stream("select balanced", epoch),
        )
      : Int32Array.from(selecting.keys());
    const select = assessSprSound({
      ...resampled(selecting, logits, labels.length, counted),
      labels,
      adventitiousFrom,
    });
    put(metrics, "select", select);
    if (published) {
      const tests = await assessTests(epoch, `epoch ${epoch}, as published`);
      for (const [name, result] of Object.entries(tests)) put(metrics, `test/${name}`, result);
      put(metrics, "test/mean", { scores: meanAssessment([tests.inter!, tests.intra!], adventitiousFrom).scores });
    }
    // A select role without Normal or without adventitious items has no Score: below every Score that there is.
    return { metrics, selection: Number.isNaN(select.scores.score) ? -1 : select.scores.score };
  };

  // ---- training ---------------------------------------------------------------------------------------------
  const { history, best } = await train({
    model,
    optimizer,
    loss: crossEntropy,
    epochs,
    stepsPerEpoch,
    batch: trainingBatches(training, maps, recipe, labels.length, stepsPerEpoch, streams),
    evaluate,
    checkpoints,
    onEpoch: (record) => recorder.metrics(record.metrics, record.epoch),
    onProgress(progress) {
      meter.advance("train", 1);
      tell(
        `epoch ${progress.epoch} of ${epochs}, step ${progress.step} of ${stepsPerEpoch}, loss ${progress.loss.toFixed(3)}`,
      );
    },
    warn: context.warn,
    signal,
  });

  // ---- test ---------------------------------------------------------------------------------------------------
  const finalStarted = performance.now();
  const resampling: Resampling = { draws: 2000, streams };
  writeWeights(model, best.weights);
  const tests = await assessTests(best.epoch, `chosen epoch ${best.epoch}`, resampling);
  await saveModel(model, `${context.runFolder}/model`, {
    task: `sprsound/${split.task.id}`,
    labels,
    inputShape,
    frontEnd: { name: supconMfcc.name, options: supconMfcc.options },
    epoch: best.epoch,
  });
  const watched = history.map((record) => record.metrics[published ? "test/mean/score" : "select/score"]!);
  optimizer.dispose();
  const trainable = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  model.dispose();
  const countsOf = (examples: readonly Example[]) => countByLabel(examples, labels);
  return {
    epochs,
    stepsPerEpoch,
    parameters: trainable,
    seconds: history.reduce((sum, record) => sum + record.seconds, 0) + (performance.now() - finalStarted) / 1000,
    chosenEpoch: best.epoch,
    chosenBy: published ? "best select Score (class-balanced draws)" : "best select Score",
    tests,
    mean: meanAssessment([tests.inter!, tests.intra!], adventitiousFrom, resampling),
    lastEpochs: { role: published ? "test" : "select", ...lastTenth(watched) },
    lastEpochScore: watched.at(-1)!,
    history,
    testOpenings: openings,
    splitNotes: [...split.describe],
    counts: { train: countsOf(training), select: countsOf(selecting) },
  };
}

function put(
  metrics: Record<string, number>,
  prefix: string,
  result: { scores: SprSoundAssessment["scores"]; auc?: number; loss?: number },
): void {
  for (const name of ["se", "sp", "as", "hs", "score"] as const) metrics[`${prefix}/${name}`] = result.scores[name];
  if (result.auc !== undefined) metrics[`${prefix}/auc`] = result.auc;
  if (result.loss !== undefined) metrics[`${prefix}/loss`] = result.loss;
}

function resampled<E>(examples: readonly E[], logits: Float32Array, classes: number, indices: Int32Array) {
  const drawn = new Float32Array(indices.length * classes);
  indices.forEach((index, i) => {
    drawn.set(logits.subarray(index * classes, (index + 1) * classes), i * classes);
  });
  return { examples: Array.from(indices, (index) => examples[index]!), logits: drawn };
}

function countByLabel(examples: readonly Example[], labels: readonly string[]): Record<string, number> {
  const counts = Object.fromEntries(labels.map((label) => [label, 0]));
  for (const example of examples) counts[labels[example.label]!]!++;
  return counts;
}
