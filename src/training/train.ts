import { readWeights } from "../nn/weights/modelWeights.js";
import type { NamedTensor } from "../nn/weights/safetensors.js";
import type { Position } from "./checkpoint.js";
import { nonFiniteGradients, normOf, requireClip } from "./gradients.js";
import { Interrupted } from "./interrupted.js";
import { explainNonFinite, NonFiniteError } from "./nonFinite.js";
import { compiledStep, runStep } from "./runStep.js";
import { requireUsable } from "./schedule.js";
import { Sitting, type SittingOptions } from "./sitting.js";
import { type EpochRecord, type EpochSums, firstNonFinite, noSteps } from "./trainingState.js";
import type { TrainingStep } from "./trainingStep.js";

/** What was measured after an epoch. */
export interface EpochMetrics {
  /** By name, such as "select/score". */
  metrics: Record<string, number>;
  /** By which the epoch is chosen; larger is better, NaN is refused. */
  selection: number;
}

export interface TrainingProgress {
  epoch: number;
  epochs: number;
  step: number;
  stepsPerEpoch: number;
  loss: number;
}

export interface TrainOptions extends SittingOptions {
  epochs: number;
  stepsPerEpoch: number;
  /** The model holds the moving average meanwhile, where there is one. Must be a function of the model and the run's seed alone. */
  evaluate(epoch: number): Promise<EpochMetrics>;
  /** Called, and waited for, before the first step, with what earlier sittings did. */
  onStart?(done: Position, history: readonly EpochRecord[]): unknown;
  /**
   * Called, and waited for, once per finished epoch, before its checkpoint; again for epochs that a kill took back. What it throws stops
   * the run.
   */
  onEpoch(record: EpochRecord): unknown;
  onProgress(progress: TrainingProgress): void;
  signal: AbortSignal;
}

export interface TrainingResult {
  history: EpochRecord[];
  /** Weights as they were evaluated: the average's, where there is one. */
  best: { epoch: number; selection: number; weights: Map<string, NamedTensor> };
  /** Circumstances that changed between sittings; where any did, the run need not equal one never stopped to the last bit. */
  changes: string[];
}

/**
 * Trains, epoch by epoch, from the newest checkpoint or from the start. However often it was stopped or killed on the way, in whichever
 * step, the result is the same bits. When it returns, the model holds the last epoch's weights.
 *
 * Throws UserError for a learning rate or a clipping bound that is not positive and for a checkpoint of another run, Interrupted when
 * `signal` is aborted (after the step under way, and a checkpoint), CheckpointError when the disk refuses one, and NonFiniteError, which
 * says what was not finite first, when the loss, a gradient that is watched, or something that would be saved is not.
 */
export async function train(options: TrainOptions): Promise<TrainingResult> {
  const { epochs, stepsPerEpoch, learningRate, signal } = options;
  requireUsable(learningRate, epochs, stepsPerEpoch);
  if (options.clip) requireClip(options.clip);

  const sitting = new Sitting(options);
  const { state } = sitting;
  await options.onStart?.(sitting.position, state.history);
  const step = compiledStep(options, "the training step");
  try {
    await goOn(options, step, sitting);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    options.warn(`${error.message}; looking for where it began`);
    const noticed = { what: error.message, after: sitting.position };
    throw await explainNonFinite(options, options.checkpoints, noticed, () => breathe(signal, "the search for it"));
  } finally {
    step.dispose();
  }
  return { history: state.history, best: { ...state.best!, weights: sitting.bestWeights }, changes: state.changes };
}

/** Epoch by epoch to the end. When stopped, what was done until then is saved. */
async function goOn(options: TrainOptions, step: TrainingStep, sitting: Sitting): Promise<void> {
  try {
    while (sitting.state.epoch < options.epochs) {
      await takeSteps(options, step, sitting);
      await finishEpoch(options, sitting);
    }
  } catch (error) {
    if (error instanceof Interrupted) sitting.save();
    throw error;
  }
}

/** What is left of the epoch's steps. */
async function takeSteps(options: TrainOptions, step: TrainingStep, sitting: Sitting): Promise<void> {
  const { optimizer, stepsPerEpoch, epochs, partNames = [] } = options;
  const { begun, epoch: done } = sitting.state;
  const epoch = done + 1;
  while (begun.steps < stepsPerEpoch) {
    const { loss, squares, parts } = await runStep(options, step, epoch, begun.steps);
    begun.steps++;
    if (!Number.isFinite(loss)) throw new NonFiniteError(`the loss became ${loss}`);
    const odd = squares && nonFiniteGradients(squares, optimizer.parameters);
    if (odd) throw new NonFiniteError(`the gradient of ${odd} became infinite or not a number`);
    begun.loss += loss;
    if (squares) begun.norm = (begun.norm ?? 0) + normOf(squares);
    if (parts)
      begun.parts = Object.fromEntries(partNames.map((name, i) => [name, (begun.parts?.[name] ?? 0) + parts[i]!]));
    options.onProgress({ epoch, epochs, step: begun.steps, stepsPerEpoch, loss });
    await breathe(options.signal, `epoch ${epoch} of ${epochs}, step ${begun.steps} of ${stepsPerEpoch}`);
    sitting.saveIfDue();
  }
}

/** Evaluation, the choice of the best, the epoch's line in the history, a checkpoint. */
async function finishEpoch(options: TrainOptions, sitting: Sitting): Promise<void> {
  const { model, average } = options;
  const { state } = sitting;
  const epoch = state.epoch + 1;
  const spoiled = firstNonFinite(readWeights(model));
  if (spoiled) throw new NonFiniteError(`the weight ${spoiled} is found infinite or not a number`);
  const look = async () => {
    const { metrics, selection } = await options.evaluate(epoch);
    if (Number.isNaN(selection)) throw new RangeError(`epoch ${epoch} cannot be chosen by: its selection is NaN`);
    if (!state.best || selection > state.best.selection) {
      state.best = { epoch, selection };
      sitting.bestWeights = readWeights(model);
    }
    return metrics;
  };
  const metrics = await (average ? average.during(look) : look());
  sitting.countTime();
  const learningRate = options.learningRate(epoch, options.stepsPerEpoch - 1);
  const record = {
    epoch,
    seconds: state.begun.seconds,
    metrics: { ...meansOf(state.begun), "train/learningRate": learningRate, ...metrics },
  };
  Object.assign(state, { epoch, begun: noSteps(), history: [...state.history, record] });
  await options.onEpoch(record);
  sitting.saveAfterEpoch(epoch === options.epochs);
}

/** The loss and its parts, and the gradients' norm before clipping where it is watched. */
function meansOf({ steps, loss, norm, parts = {} }: EpochSums): Record<string, number> {
  const ofParts = Object.entries(parts).map(([name, sum]) => [`train/${name}`, sum / steps]);
  return {
    "train/loss": loss / steps,
    ...Object.fromEntries(ofParts),
    ...(norm !== undefined && { "train/gradientNorm": norm / steps }),
  };
}

/** Lets signals, timers and the sender of records run: a step blocks the thread. Throws Interrupted when asked to stop. */
export async function breathe(signal: AbortSignal, where: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new Interrupted(`stopped in ${where}`);
}
