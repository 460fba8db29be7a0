import { type CompiledStep, compile } from "../engine/compile.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import type { Precision } from "./runIdentity.js";
import type { LearningRate } from "./schedule.js";
import { type TrainingStep, type TrainingStepOptions, trainingStep } from "./trainingStep.js";

/** One batch on its way into a step, which disposes of it. */
export interface Batch {
  /** `[batch, rows, frames, channels]` */
  inputs: TensorFlow.Tensor4D;
  /** `[batch, classes]` */
  targets: TensorFlow.Tensor2D;
  /** For models with dropout: `dropoutSeed(streams.stream("dropout", epoch, step))`. */
  dropoutSeed?: TensorFlow.Tensor1D;
}

/** What the steps of a run are made from. */
export interface StepSource extends TrainingStepOptions {
  learningRate: LearningRate;
  /** Epochs count from 1, steps from 0. Must be a function of its arguments and the run's seed alone; may be made elsewhere meanwhile. */
  batch(epoch: number, step: number): Batch | Promise<Batch>;
  /** "float32" by default; bf16 for captured steps only. */
  precision?: Precision;
  /** Whether steps run as one TensorFlow function (the default) or operation by operation; the results are the same bits. */
  mode?: "captured" | "eager";
}

/** The training step of a run, in its mode and precision; its caller disposes of it. */
export function compiledStep(
  source: StepSource,
  name: string,
): CompiledStep<Parameters<TrainingStep>, ReturnType<TrainingStep>> {
  const { mode = "captured", precision = "float32" } = source;
  return compile(trainingStep(source), { name, mode, bf16: precision === "bf16" });
}

/**
 * Takes the step `index` of an epoch: its batch, the compiled step, the count.
 *
 * @param look is shown the batch before
 * @returns the loss, and the gradients' sums of squares where they are watched
 */
export async function runStep(
  { optimizer, learningRate, batch }: StepSource,
  step: TrainingStep,
  epoch: number,
  index: number,
  look?: (batch: Batch) => void,
): Promise<{ loss: number; squares?: ArrayLike<number> }> {
  const made = await batch(epoch, index);
  look?.(made);
  const { inputs, targets, dropoutSeed } = made;
  const numbers = tf.tensor1d(optimizer.stepNumbers(learningRate(epoch, index)));
  const [loss, squares] = step(inputs, targets, numbers, ...(dropoutSeed ? ([dropoutSeed] as const) : []));
  optimizer.step++;
  const values = { loss: loss.dataSync()[0]!, squares: squares?.dataSync() };
  tf.dispose({ inputs, targets, numbers, loss, ...(dropoutSeed && { dropoutSeed }), ...(squares && { squares }) });
  return values;
}
