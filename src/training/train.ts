import { readWeights, writeWeights } from "../nn/weights/modelWeights.js";
import type { NamedTensor } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import type { Adam } from "./adam.js";
import type { Checkpoints } from "./checkpoint.js";
import { Interrupted } from "./interrupted.js";

/** One batch on its way into a step; the trainer disposes of it. */
export interface Batch {
  /** `[batch, rows, frames, channels]` */
  inputs: TensorFlow.Tensor4D;
  /** `[batch, classes]` */
  targets: TensorFlow.Tensor2D;
}

/** What was measured after an epoch. */
export interface EpochMetrics {
  /** By name, such as "select/score". */
  metrics: Record<string, number>;
  /** By which the epoch is chosen; larger is better, NaN is refused. */
  selection: number;
}

/** One line of a run's history. */
export interface EpochRecord {
  epoch: number;
  seconds: number;
  metrics: Record<string, number>;
}

/** All that a resumed run needs beside the tensors; randomness is a function of seed, epoch and step. */
export interface TrainingState {
  epoch: number;
  optimizerStep: number;
  best: { epoch: number; selection: number };
  history: EpochRecord[];
}

export interface TrainingProgress {
  epoch: number;
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  loss: number;
}

export interface TrainOptions {
  model: TensorFlow.LayersModel;
  optimizer: Adam;
  loss(logits: TensorFlow.Tensor2D, targets: TensorFlow.Tensor2D): TensorFlow.Scalar;
  epochs: number;
  stepsPerEpoch: number;
  /** Epochs count from 1, steps from 0. Must be a function of its arguments and the run's seed alone. */
  batch(epoch: number, step: number): Batch;
  evaluate(epoch: number): Promise<EpochMetrics>;
  checkpoints: Checkpoints<TrainingState>;
  /** Called before the first step, with the epochs that an earlier sitting finished. */
  onStart?(epochsDone: number): void;
  /** Called once per finished epoch, before its checkpoint; again for the same epoch if a kill came between the two. */
  onEpoch(record: EpochRecord): void;
  onProgress(progress: TrainingProgress): void;
  warn(message: string): void;
  signal: AbortSignal;
}

export interface TrainingResult {
  history: EpochRecord[];
  best: { epoch: number; selection: number; weights: Map<string, NamedTensor> };
}

/**
 * Trains, epoch by epoch, from the newest checkpoint or from the start. When it returns, the model holds the last epoch's weights.
 * Throws Interrupted when `signal` is aborted (the finished epochs are safe), and an Error when the loss is not finite.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { model, optimizer, checkpoints, epochs } = options;

  // ---- where the run stands -----------------------------------------------------------------------
  let state: TrainingState = { epoch: 0, optimizerStep: 0, best: { epoch: 0, selection: -Infinity }, history: [] };
  let bestWeights: Map<string, NamedTensor> = new Map();
  const found = checkpoints.latest(options.warn);
  if (found) {
    state = { ...found.state, history: found.state.history.map(withNaN) };
    writeWeights(model, taken(found.tensors, "model/"));
    optimizer.restore(state.optimizerStep, taken(found.tensors, "optimizer/"));
    bestWeights = taken(found.tensors, "best/");
  }

  options.onStart?.(state.epoch);

  // ---- epochs ---------------------------------------------------------------------------------------
  while (state.epoch < epochs) {
    const epoch = state.epoch + 1;
    const started = performance.now();
    const trainLoss = await trainEpoch(options, epoch);
    const { metrics, selection } = await options.evaluate(epoch);
    const seconds = (performance.now() - started) / 1000;
    if (Number.isNaN(selection)) throw new RangeError(`epoch ${epoch} cannot be chosen by: its selection is NaN`);

    const record: EpochRecord = { epoch, seconds, metrics: { "train/loss": trainLoss, ...metrics } };
    let best = state.best;
    if (selection > best.selection) {
      best = { epoch, selection };
      bestWeights = readWeights(model);
    }
    state = { epoch, optimizerStep: optimizer.step, best, history: [...state.history, record] };
    options.onEpoch(record);
    checkpoints.save(epoch, allTensors(model, optimizer, bestWeights), state);
  }
  return { history: state.history, best: { ...state.best, weights: bestWeights } };
}

/** The mean loss over the epoch's steps. */
async function trainEpoch(options: TrainOptions, epoch: number): Promise<number> {
  const { stepsPerEpoch, epochs, signal } = options;
  let sum = 0;
  for (let step = 0; step < stepsPerEpoch; step++) {
    const loss = trainStep(options, options.batch(epoch, step));
    if (!Number.isFinite(loss)) {
      throw new Error(
        `the loss became ${loss} in epoch ${epoch}, step ${step + 1}; the last checkpoint is epoch ${epoch - 1}'s`,
      );
    }
    sum += loss;
    options.onProgress({ epoch, epochs, step: step + 1, stepsPerEpoch, loss });
    await breathe(signal, `epoch ${epoch} of ${epochs}, step ${step + 1} of ${stepsPerEpoch}`);
  }
  return sum / stepsPerEpoch;
}

function trainStep({ model, optimizer, loss }: TrainOptions, batch: Batch): number {
  const value = tf.tidy(() => {
    const forward = () => loss(model.apply(batch.inputs, { training: true }) as TensorFlow.Tensor2D, batch.targets);
    const { value, grads } = tf.variableGrads(forward, optimizer.parameters as TensorFlow.Variable[]);
    optimizer.apply(optimizer.parameters.map((parameter) => grads[parameter.name]!));
    return value.dataSync()[0]!;
  });
  tf.dispose([batch.inputs, batch.targets]);
  return value;
}

/** Lets signals, timers and the sender of records run: a step blocks the thread. Throws Interrupted when asked to stop. */
export async function breathe(signal: AbortSignal, where: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new Interrupted(`stopped in ${where}`);
}

function allTensors(
  model: TensorFlow.LayersModel,
  optimizer: Adam,
  best: Map<string, NamedTensor>,
): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of readWeights(model)) tensors.set(`model/${name}`, tensor);
  for (const [name, tensor] of optimizer.tensors()) tensors.set(`optimizer/${name}`, tensor);
  for (const [name, tensor] of best) tensors.set(`best/${name}`, tensor);
  return tensors;
}

/** JSON has no NaN: a metric that an epoch lacked is null in a checkpoint. */
function withNaN(record: EpochRecord): EpochRecord {
  const metrics = Object.entries(record.metrics as Record<string, number | null>);
  return { ...record, metrics: Object.fromEntries(metrics.map(([name, value]) => [name, value ?? Number.NaN])) };
}

function taken(tensors: Map<string, NamedTensor>, prefix: string): Map<string, NamedTensor> {
  const result = new Map<string, NamedTensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith(prefix)) result.set(name.slice(prefix.length), tensor);
  }
  return result;
}
