import { rmSync } from "node:fs";
import path from "node:path";
import type { Example } from "../../datasets/roles.js";
import { countByClass } from "../../datasets/split.js";
import { supCon } from "../../losses/supCon.js";
import { initialiseWeights } from "../../nn/init/initialise.js";
import { readWeights } from "../../nn/weights/modelWeights.js";
import type { BatchItems, BatchValues } from "../../node/batches/batchItems.js";
import { newValues, writeBatch } from "../../node/batches/batchItems.js";
import { Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { Checkpoints } from "../../training/checkpoint.js";
import { trainableParameters } from "../../training/frozenLayers.js";
import { NonFiniteError } from "../../training/nonFinite.js";
import { Sgd } from "../../training/optimizers/sgd.js";
import { prepareBatches } from "../../training/preparedBatches.js";
import { requireTrainable } from "../../training/requireTrainable.js";
import type { Precision } from "../../training/runIdentity.js";
import { byEpoch, multiStep } from "../../training/schedule.js";
import { breathe, train } from "../../training/train.js";
import type { EpochRecord, TrainingState } from "../../training/trainingState.js";
import { withDropout } from "../../training/withDropout.js";
import { WorkMeter } from "../../training/workMeter.js";
import { evenly } from "../evenly.js";
import { keepPretraining } from "../pretrainingFiles.js";
import type { StageContext } from "../sharedStage.js";
import type { ItemMaps } from "./inputs.js";
import { storedMaps } from "./maps.js";
import { embeddingNetwork } from "./network.js";
import type { PretrainingRecipe } from "./pretrainingRecipe.js";
import { twoViews, twoViewsOf } from "./twoViews.js";

export interface Pretraining {
  train: readonly Example<"train">[];
  select: readonly Example<"select">[];
  labels: readonly string[];
  /** Under `published` the select role is drawn anew for each epoch, as the paper's validation loader does. */
  published: boolean;
  recipe: PretrainingRecipe;
  stepsPerEpoch: number;
  seed: number;
  precision: Precision;
  /** Of a search: what else is measured after each epoch, and who is told of it. */
  watch?: {
    measure(at: { model: TensorFlow.LayersModel; maps: ItemMaps }): Promise<Record<string, number>>;
    /** Waited for, first of epochs of earlier sittings; what it throws stops the pretraining. */
    onEpoch(record: EpochRecord): unknown;
  };
}

/** Cost of a training view relative to an evaluated one, before either was measured. */
const TRAINING_COST = 3;
const BATCH_WORKERS = 1;

/**
 * Pretrains encoder and head with the SupCon loss on two views of each item (papers.md 3.4 to 3.6), and keeps the epoch of the lowest loss
 * on the select role. Test items are not touched.
 */
export async function pretrain(run: Pretraining, context: StageContext): Promise<void> {
  const { labels, published, recipe, stepsPerEpoch, seed, precision } = run;
  const { epochs, batchSize } = recipe;
  const { folder, signal, warn } = context;
  const streams = new Streams(seed);

  // ---- who takes part -----------------------------------------------------------------------------
  const training = evenly(run.train, recipe.trainItems);
  const select = evenly(run.select, recipe.selectItems);
  requireTrainable(countByClass(run.train, labels), batchSize);

  // ---- features and model -------------------------------------------------------------------------
  const maps = await storedMaps([...training, ...select], context);
  const model = embeddingNetwork(recipe);
  initialiseWeights(model, streams);
  const { momentum, weightDecay, milestones } = recipe;
  const parameters = trainableParameters(model);
  const optimizer = new Sgd(parameters, { momentum, weightDecay });
  const loss = supCon(recipe);
  const checkpoints = new Checkpoints<TrainingState>(
    path.join(folder, "checkpoints"),
    context.identity,
    context.mayWrite,
  );

  // ---- the select role and progress ---------------------------------------------------------------
  const meter = new WorkMeter();
  const tell = (detail: string) =>
    context.progress({ phase: "training", ...meter.estimate(), detail, measured: meter.measured() });
  const selectSteps = Math.max(1, Math.ceil(select.length / batchSize));
  const lossOnSelect = lossOn({ model, loss, recipe, classes: labels.length, steps: selectSteps, signal })(
    twoViews.make(twoViewsOf(select, "select", maps, recipe, labels.length, selectSteps, streams)) as BatchItems,
  );

  // ---- training -----------------------------------------------------------------------------------
  const batches = await prepareBatches({
    program: twoViews,
    options: twoViewsOf(training, "train", maps, recipe, labels.length, stepsPerEpoch, streams),
    inputShape: [maps.rows, recipe.frames, 1],
    classes: labels.length,
    workers: BATCH_WORKERS,
    ...{ epochs, stepsPerEpoch },
  });
  try {
    const { history, best } = await train({
      ...{ model, optimizer, loss, epochs, stepsPerEpoch, checkpoints, precision, warn, signal },
      learningRate: byEpoch(multiStep(recipe.learningRate, { milestones, factor: 0.1 })),
      batch: withDropout(batches.batch, streams, "pretraining dropout"),
      async evaluate(epoch) {
        const value = await lossOnSelect(published ? epoch : 0, () => {
          meter.advance("evaluate", 2 * batchSize);
          tell(`epoch ${epoch} of ${epochs}, select`);
        });
        const more = await run.watch?.measure({ model, maps });
        if (!Number.isFinite(value)) throw new NonFiniteError(`the loss on the select role became ${value}`);
        return { metrics: { "select/loss": value, ...more }, selection: -value };
      },
      async onStart(done, before) {
        const views = 2 * batchSize * selectSteps;
        const steps = done.epoch * stepsPerEpoch + done.step;
        meter.plan("train", epochs * stepsPerEpoch, TRAINING_COST * 2 * batchSize, steps);
        meter.plan("evaluate", epochs * views, 1, done.epoch * views);
        for (const record of before) await run.watch?.onEpoch(record);
      },
      onEpoch: (record) => run.watch?.onEpoch(record),
      onProgress({ epoch, step, loss: ofStep }) {
        meter.advance("train", 1);
        tell(`epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, loss ${ofStep.toFixed(3)}`);
      },
    });

    // ---- what is kept -------------------------------------------------------------------------------
    const isLast = recipe.snapshot === "last";
    keepPretraining(folder, isLast ? readWeights(model) : best.weights, {
      parameters: parameters.reduce((sum, { size }) => sum + size, 0),
      ...{ epochs, stepsPerEpoch },
      chosenEpoch: isLast ? epochs : best.epoch,
      chosenBy: isLast ? "the last epoch" : "lowest SupCon loss on the select role",
      seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
      history,
    });
    rmSync(checkpoints.folder, { recursive: true, force: true });
  } finally {
    await batches.close();
    optimizer.dispose();
    model.dispose();
  }
}

interface LossOn {
  model: TensorFlow.LayersModel;
  loss: ReturnType<typeof supCon>;
  recipe: PretrainingRecipe;
  classes: number;
  steps: number;
  signal: AbortSignal;
}

/** Mean loss over batches of two views in evaluation mode. */
function lossOn({ model, loss, recipe: { frames }, classes, steps, signal }: LossOn) {
  return (items: BatchItems) => {
    const values = newValues(items);
    const count = items.batchSize;
    const lossOf = ({ inputs, targets }: BatchValues) =>
      tf.tidy(() => {
        const views = tf.tensor4d(inputs, [count, items.inputSize / frames, frames, 1]);
        const embeddings = model.apply(views) as TensorFlow.Tensor2D;
        return loss(embeddings, tf.tensor2d(targets, [count, classes])).dataSync()[0]!;
      });
    return async (epoch: number, onBatch: () => void): Promise<number> => {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        writeBatch(items, epoch, step, values);
        sum += lossOf(values);
        onBatch();
        await breathe(signal, `evaluation of the pretraining, batch ${step + 1} of ${steps}`);
      }
      return sum / steps;
    };
  };
}
