import { compile } from "../engine/compile.js";
import { readWeights, writeWeights } from "../nn/weights/modelWeights.js";
import type { NamedTensor } from "../nn/weights/safetensors.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import type { Checkpoints } from "./checkpoint.js";
import { normOf, requireClip } from "./gradients.js";
import { Interrupted } from "./interrupted.js";
import type { MovingAverage } from "./movingAverage.js";
import { type LearningRate, requireUsable } from "./schedule.js";
import { type TrainingStep, type TrainingStepOptions, trainingStep } from "./trainingStep.js";

/** One batch on its way into a step; the trainer disposes of it. */
export interface Batch {
  /** `[batch, rows, frames, channels]` */
  inputs: TensorFlow.Tensor4D;
  /** `[batch, classes]` */
  targets: TensorFlow.Tensor2D;
  /** For models with dropout: `dropoutSeed(streams.stream("dropout", epoch, step))`. */
  dropoutSeed?: TensorFlow.Tensor1D;
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

export interface TrainOptions extends TrainingStepOptions {
  learningRate: LearningRate;
  epochs: number;
  stepsPerEpoch: number;
  /** Epochs count from 1, steps from 0. Must be a function of its arguments and the run's seed alone. */
  batch(epoch: number, step: number): Batch;
  /** The model holds the moving average meanwhile, where there is one. */
  evaluate(epoch: number): Promise<EpochMetrics>;
  checkpoints: Checkpoints<TrainingState>;
  /** Called before the first step, with the epochs that an earlier sitting finished. */
  onStart?(epochsDone: number): void;
  /** Called once per finished epoch, before its checkpoint; again for the same epoch if a kill came between the two. */
  onEpoch(record: EpochRecord): void;
  onProgress(progress: TrainingProgress): void;
  warn(message: string): void;
  signal: AbortSignal;
  /** Whether steps run as one TensorFlow function (the default) or operation by operation; the results are the same bits. */
  mode?: "captured" | "eager";
}

export interface TrainingResult {
  history: EpochRecord[];
  /** Weights as they were evaluated: the average's, where there is one. */
  best: { epoch: number; selection: number; weights: Map<string, NamedTensor> };
}

/**
 * Trains, epoch by epoch, from the newest checkpoint or from the start. When it returns, the model holds the last epoch's weights.
 * Throws UserError for a learning rate or a clipping bound that is not positive, Interrupted when `signal` is aborted (the finished
 * epochs are safe), and an Error when the loss, or a gradient that is watched, is not finite.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { model, optimizer, average, checkpoints, epochs } = options;
  requireUsable(options.learningRate, epochs, options.stepsPerEpoch);
  if (options.clip) requireClip(options.clip);

  // ---- where the run stands -----------------------------------------------------------------------
  let state: TrainingState = { epoch: 0, optimizerStep: 0, best: { epoch: 0, selection: -Infinity }, history: [] };
  let bestWeights: Map<string, NamedTensor> = new Map();
  const found = checkpoints.latest(options.warn);
  if (found) {
    state = { ...found.state, history: found.state.history.map(withNaN) };
    writeWeights(model, taken(found.tensors, "model/"));
    optimizer.restore(state.optimizerStep, taken(found.tensors, "optimizer/"));
    restoreAverage(average, taken(found.tensors, "average/"));
    bestWeights = taken(found.tensors, "best/");
  }

  options.onStart?.(state.epoch);

  // ---- epochs ---------------------------------------------------------------------------------------
  const step = compile(trainingStep(options), { name: "the training step", mode: options.mode ?? "captured" });
  try {
    while (state.epoch < epochs) {
      const epoch = state.epoch + 1;
      const started = performance.now();
      const means = await trainEpoch(options, step, epoch);
      let { best } = state;
      const look = async () => {
        const { metrics, selection } = await options.evaluate(epoch);
        if (Number.isNaN(selection)) throw new RangeError(`epoch ${epoch} cannot be chosen by: its selection is NaN`);
        if (selection > best.selection) {
          best = { epoch, selection };
          bestWeights = readWeights(model);
        }
        return metrics;
      };
      const metrics = average ? await average.during(look) : await look();
      const seconds = (performance.now() - started) / 1000;

      const record: EpochRecord = { epoch, seconds, metrics: { ...means, ...metrics } };
      state = { epoch, optimizerStep: optimizer.step, best, history: [...state.history, record] };
      options.onEpoch(record);
      checkpoints.save(epoch, allTensors(options, bestWeights), state);
    }
  } finally {
    step.dispose();
  }
  return { history: state.history, best: { ...state.best, weights: bestWeights } };
}

/** Means over the epoch's steps: the loss, and the gradients' norm before clipping where it is watched. */
async function trainEpoch(options: TrainOptions, step: TrainingStep, epoch: number): Promise<Record<string, number>> {
  const { optimizer, stepsPerEpoch, epochs, signal } = options;
  let losses = 0;
  let norms = 0;
  let watched = false;
  for (let index = 0; index < stepsPerEpoch; index++) {
    const { loss, squares } = oneStep(options, step, epoch, index);
    const where = `in epoch ${epoch}, step ${index + 1}; the last checkpoint is epoch ${epoch - 1}'s`;
    if (!Number.isFinite(loss)) throw new Error(`the loss became ${loss} ${where}`);
    losses += loss;
    if (squares) {
      norms += normOf(squares, optimizer.parameters, where);
      watched = true;
    }
    options.onProgress({ epoch, epochs, step: index + 1, stepsPerEpoch, loss });
    await breathe(signal, `epoch ${epoch} of ${epochs}, step ${index + 1} of ${stepsPerEpoch}`);
  }
  const norm: Record<string, number> = watched ? { "train/gradientNorm": norms / stepsPerEpoch } : {};
  return { "train/loss": losses / stepsPerEpoch, ...norm };
}

function oneStep({ optimizer, learningRate, batch }: TrainOptions, step: TrainingStep, epoch: number, index: number) {
  const { inputs, targets, dropoutSeed } = batch(epoch, index);
  const numbers = tf.tensor1d(optimizer.stepNumbers(learningRate(epoch, index)));
  const [loss, squares] = step(inputs, targets, numbers, ...(dropoutSeed ? ([dropoutSeed] as const) : []));
  optimizer.step++;
  const values = { loss: loss.dataSync()[0]!, squares: squares?.dataSync() };
  tf.dispose({ inputs, targets, numbers, loss, ...(dropoutSeed && { dropoutSeed }), ...(squares && { squares }) });
  return values;
}

/** Lets signals, timers and the sender of records run: a step blocks the thread. Throws Interrupted when asked to stop. */
export async function breathe(signal: AbortSignal, where: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new Interrupted(`stopped in ${where}`);
}

function allTensors(
  { model, optimizer, average }: TrainOptions,
  best: Map<string, NamedTensor>,
): Map<string, NamedTensor> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, tensor] of readWeights(model)) tensors.set(`model/${name}`, tensor);
  for (const [name, tensor] of optimizer.tensors()) tensors.set(`optimizer/${name}`, tensor);
  for (const [name, tensor] of average?.tensors() ?? []) tensors.set(`average/${name}`, tensor);
  for (const [name, tensor] of best) tensors.set(`best/${name}`, tensor);
  return tensors;
}

function restoreAverage(average: MovingAverage | undefined, tensors: Map<string, NamedTensor>): void {
  if (average && tensors.size === 0) throw new Error("the checkpoint holds no moving average, and the run keeps one");
  if (!average && tensors.size > 0) throw new Error("the checkpoint holds a moving average, and the run keeps none");
  average?.restore(tensors);
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
