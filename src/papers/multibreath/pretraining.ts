import { rmSync } from "node:fs";
import path from "node:path";
import { countByClass } from "../../datasets/split.js";
import { loadSprSound } from "../../datasets/sprsound/load.js";
import { sprSoundSplit } from "../../datasets/sprsound/split.js";
import { sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { meanCrossEntropy } from "../../evaluation/crossEntropy.js";
import { logSoftmaxRows } from "../../evaluation/logits.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { readWeights, writeWeights } from "../../nn/weights/modelWeights.js";
import { Streams } from "../../random/streams.js";
import type { TensorFlow } from "../../tensorflow.js";
import { Checkpoints } from "../../training/checkpoint.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { Adam } from "../../training/optimizers/adam.js";
import { Predictor } from "../../training/predict.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, cosine } from "../../training/schedule.js";
import { train } from "../../training/train.js";
import type { TrainingState } from "../../training/trainingState.js";
import { withDropout } from "../../training/withDropout.js";
import { WorkMeter } from "../../training/workMeter.js";
import { evenly } from "../evenly.js";
import { loadedOnce } from "../loadedOnce.js";
import type { RunContext } from "../paper.js";
import { keepPretraining, linkPretraining, readPretraining } from "../pretrainingFiles.js";
import { probeSteps } from "../probeSteps.js";
import type { PretrainingSummary } from "../runResult.js";
import type { SharedStage, StageContext } from "../sharedStage.js";
import { storedClips, storedItems } from "./clips.js";
import {
  inputShapeOf,
  inputWriter,
  multibreathItems,
  storedKindOf,
  trainingOptions,
  trainingStandard,
} from "./inputs.js";
import { CLASSIFIER, multibreathNetwork } from "./network.js";
import { FULL_EPOCHS, type MultibreathPretraining, type MultibreathRecipe, PRETRAINING_EPOCHS } from "./recipe.js";

/** The stage's name among those of its run. */
const PRETRAINING = "pretraining";

/** Raised whenever a change here alters what a pretraining that asks for the same leaves. */
const STAGE_VERSION = 1;

export interface PretrainingOf {
  dataDir: string;
  recipe: MultibreathRecipe;
  pretraining: MultibreathPretraining;
  seed: number;
  precision: Precision;
}

/**
 * A backbone that learns SPRSound's seven kinds of events, of children that are not in ICBHI: with the plain head, by cross-entropy, the
 * epoch chosen on held-out children (papers.md 2.7, pretrain-source: which source is open there).
 */
export function pretrainingStage(run: PretrainingOf): SharedStage {
  const { recipe, pretraining, seed, precision } = run;
  const { data, split } = eventsIn(run.dataDir);
  const { backbone, pooling, dropout, norm, augmentation, learningRate, weightDecay } = recipe;
  const stepsPerEpoch = stepsOf(run);
  const inputShape = inputShapeOf(recipe);
  return {
    name: PRETRAINING,
    identity: {
      ...{ stageVersion: STAGE_VERSION, paper: "multibreath", seed, precision, pretraining, stepsPerEpoch },
      ...{ backbone, pooling, dropout, norm, augmentation, learningRate, weightDecay, inputShape },
      ...{ maps: storedClips(storedKindOf(recipe)).digestText, data: data.digest, split: split.digest },
    },
    work: {
      ...{ network: `${backbone}, plain, pretraining`, input: inputShape, batchSize: pretraining.batchSize },
      ...{ epochs: pretraining.epochs, stepsPerEpoch, itemsAtEnd: 0 },
      itemsPerEpoch: evenly(split.select, pretraining.selectItems).length,
      perBudgetEpoch: PRETRAINING_EPOCHS / FULL_EPOCHS,
    },
    probe(signal) {
      const classes = split.task.labels.length;
      const model = networkOf(recipe, classes);
      initialiseWeights(model, new Streams(0));
      return probeSteps({
        ...{ model, optimizer: optimizerOf(model, recipe), loss: crossEntropy, inputShape, classes, precision, signal },
        ...{ batchSize: pretraining.batchSize, dropout: dropout > 0 },
      });
    },
    execute: (context) => pretrain(run, context),
  };
}

/** Puts a pretraining's backbone into a model, whose head stays as it is. */
export function takePretraining(
  model: TensorFlow.LayersModel,
  { stages, runFolder }: Pick<RunContext, "stages" | "runFolder">,
): PretrainingSummary {
  const folder = stages[PRETRAINING]!;
  linkPretraining(folder, runFolder);
  const { weights, record } = readPretraining(folder);
  const ofBackbone = [...weights].filter(([name]) => !name.startsWith(CLASSIFIER));
  writeWeights(model, new Map([...readWeights(model), ...ofBackbone]));
  const { epochs, chosenEpoch, chosenBy, seconds, history, weightsSha256: sha256 } = record;
  return { id: path.basename(folder), sha256, epochs, chosenEpoch, chosenBy, seconds, history };
}

/** Cost of a training item relative to an evaluated one, before either was measured. */
const TRAINING_COST = 5;

async function pretrain(run: PretrainingOf, context: StageContext): Promise<void> {
  const { recipe, pretraining, seed, precision } = run;
  const { epochs, batchSize } = pretraining;
  const { folder, signal, warn } = context;
  const { split } = eventsIn(run.dataDir);
  const classes = split.task.labels.length;
  const stepsPerEpoch = stepsOf(run);
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(split.train, pretraining.trainItems);
  const select = evenly(split.select, pretraining.selectItems);
  requireTrainable(countByClass(split.train, split.task.labels), batchSize);

  // ---- data and network ---------------------------------------------------------------------------
  const source = { stored: await storedItems(storedKindOf(recipe), [...training, ...select], context) };
  const standard = trainingStandard(training, source, recipe);
  const write = inputWriter(source, recipe, standard);
  const inputShape = inputShapeOf(recipe);
  const model = networkOf(recipe, classes);
  initialiseWeights(model, streams);
  const optimizer = optimizerOf(model, recipe);
  const predictor = new Predictor({ model, inputShape, classes });
  const { identity, mayWrite } = context;
  const checkpoints = new Checkpoints<TrainingState>(path.join(folder, "checkpoints"), identity, mayWrite);
  const batches = await prepareBatches({
    program: multibreathItems,
    options: trainingOptions(training, source, { ...recipe, batchSize }, { classes, seed, standard }),
    ...{ inputShape, classes, workers: 1, epochs, stepsPerEpoch },
  });

  // ---- training -----------------------------------------------------------------------------------
  const meter = new WorkMeter();
  const tell = (detail: string) =>
    context.progress({ phase: "training", ...meter.estimate(), detail, measured: meter.measured() });
  try {
    const { history, best } = await train({
      ...{ model, optimizer, loss: crossEntropy, epochs, stepsPerEpoch, checkpoints, precision, warn, signal },
      learningRate: byEpoch(cosine(recipe.learningRate, { period: epochs })),
      batch: recipe.dropout > 0 ? withDropout(batches.batch, streams) : batches.batch,
      async evaluate(epoch) {
        let before = 0;
        const logits = await predictor.logits({
          ...{ count: select.length, signal },
          writeInput: (i, out, offset) => write(select[i]!, out, offset),
          onProgress(done) {
            meter.advance("evaluate", done - before);
            before = done;
            tell(`epoch ${epoch} of ${epochs}, select, ${done} of ${select.length}`);
          },
        });
        const truths = select.map(({ label }) => label);
        const loss = meanCrossEntropy(logSoftmaxRows(logits, classes), truths, classes);
        return { metrics: { "select/loss": loss }, selection: -loss };
      },
      onStart(done) {
        const steps = done.epoch * stepsPerEpoch + done.step;
        meter.plan("train", epochs * stepsPerEpoch, TRAINING_COST * batchSize, steps);
        meter.plan("evaluate", epochs * select.length, 1, done.epoch * select.length);
      },
      onEpoch() {},
      onProgress({ epoch, step, loss }) {
        meter.advance("train", 1);
        tell(`epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, loss ${loss.toFixed(3)}`);
      },
    });
    keepPretraining(folder, best.weights, {
      parameters: optimizer.parameters.reduce((sum, { size }) => sum + size, 0),
      ...{ epochs, stepsPerEpoch, chosenEpoch: best.epoch, chosenBy: "lowest cross-entropy on the select role" },
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
      history,
    });
    rmSync(checkpoints.folder, { recursive: true, force: true });
  } finally {
    await batches.close();
    predictor.dispose();
    optimizer.dispose();
    model.dispose();
  }
}

/** The kinds of events of SPRSound, patients held out. */
function eventsIn(dataDir: string) {
  return loadedOnce(["sprsound events", dataDir], () => {
    const data = loadSprSound(dataDir);
    return { data, split: sprSoundSplit(data, sprSoundTask("12"), "honest", { seed: 0 }) };
  });
}

function stepsOf({ dataDir, pretraining }: PretrainingOf): number {
  const { stepsPerEpoch, batchSize, trainItems } = pretraining;
  return stepsPerEpoch ?? Math.ceil(evenly(eventsIn(dataDir).split.train, trainItems).length / batchSize);
}

function networkOf(recipe: MultibreathRecipe, outputs: number): TensorFlow.LayersModel {
  const { backbone, pooling, dropout, norm } = recipe;
  const inputShape = inputShapeOf(recipe);
  return multibreathNetwork({ backbone, pooling, dropout, norm, head: "plain", outputs, inputShape });
}

const optimizerOf = (model: TensorFlow.LayersModel, { weightDecay }: MultibreathRecipe) =>
  new Adam(trainableParameters(model), { weightDecay });
