import { compile } from "../engine/compile.js";
import { FoldedModel } from "../nn/foldedModel.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import type { Precision } from "./runIdentity.js";
import type { LearningRate } from "./schedule.js";
import { DRAW_NAMES, type TrainingStep, type TrainingStepOptions, trainingStep } from "./trainingStep.js";

/** One batch on its way into a step, which disposes of it. */
export interface Batch {
  /** `[batch, rows, frames, channels]` */
  inputs: TensorFlow.Tensor4D;
  /** `[batch, classes]` */
  targets: TensorFlow.Tensor2D;
  /** What the step draws beside, by the names of `drawNames`: for models with dropout `dropoutSeed`. */
  draws?: Readonly<Record<string, TensorFlow.Tensor>>;
}

/** What the steps of a run are made from. */
export interface StepSource extends TrainingStepOptions {
  learningRate: LearningRate;
  /** Epochs count from 1, steps from 0. Must be a function of its arguments and the run's seed alone; may be made elsewhere meanwhile. */
  batch(epoch: number, step: number): Batch | Promise<Batch>;
  /** "float32" by default; bf16 for captured steps only. */
  precision?: Precision;
  /**
   * Whether steps run as one TensorFlow function (the default) or operation by operation; the results are the same bits, but where a
   * frozen part has batch normalisations: those are folded in captured steps.
   */
  mode?: "captured" | "eager";
}

/** A training step that holds TensorFlow's functions until it is disposed of. */
export type CompiledTrainingStep = TrainingStep & { dispose(): void };

/**
 * The training step of a run, in its mode and precision; its caller disposes of it. Where a captured step in float32 has a frozen part,
 * that is computed with its batch normalisations folded.
 */
export function compiledStep(source: StepSource, name: string): CompiledTrainingStep {
  const { model, mode = "captured", precision = "float32" } = source;
  const mayFold = mode === "captured" && precision === "float32" && !source.objective;
  const frozen = mayFold ? new FoldedModel(model, "frozen") : undefined;
  const folds = frozen !== undefined && frozen.size > 0;
  const forward: StepSource["forward"] = (inputs, options) => frozen!.apply(inputs, options);
  const options = { name, mode, bf16: precision === "bf16", fused: folds };
  const step = compile(trainingStep(folds ? { ...source, forward } : source), options);
  const dispose = () => {
    step.dispose();
    frozen?.dispose();
  };
  return Object.assign(((...inputs) => step(...inputs)) as TrainingStep, { dispose });
}

/**
 * Takes the step `index` of an epoch: its batch, the compiled step, the count.
 *
 * @param look is shown the batch before
 * @returns the loss, and where they are watched the gradients' sums of squares and the objective's parts
 */
export async function runStep(
  { optimizer, learningRate, batch, drawNames = DRAW_NAMES }: StepSource,
  step: TrainingStep,
  epoch: number,
  index: number,
  look?: (batch: Batch) => void,
): Promise<{ loss: number; squares?: ArrayLike<number>; parts?: ArrayLike<number> }> {
  const made = await batch(epoch, index);
  look?.(made);
  const { inputs, targets, draws = {} } = made;
  const numbers = tf.tensor1d(optimizer.stepNumbers(learningRate(epoch, index)));
  const drawn = drawNames.flatMap((name) => draws[name] ?? []);
  const [loss, squares, parts] = step(inputs, targets, numbers, ...drawn);
  optimizer.step++;
  const values = { loss: loss.dataSync()[0]!, squares: squares?.dataSync(), parts: parts?.dataSync() };
  tf.dispose([inputs, targets, numbers, loss, ...drawn, ...(squares ? [squares] : []), ...(parts ? [parts] : [])]);
  return values;
}
