import type { CallOptions } from "../nn/layers/call.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { clipByGlobalNorm, clipByValue, type GradientClip, sumsOfSquares } from "./gradients.js";
import type { MovingAverage } from "./movingAverage.js";
import type { Optimizer } from "./optimizers/optimizer.js";

/** What a step minimises. */
export interface Objective {
  value: TensorFlow.Scalar;
  /** What it is made of, or is to be watched with it, by the names that `partNames` gives. */
  parts?: Readonly<Record<string, TensorFlow.Scalar>>;
}

/** How layers are called in a step: in training, with what the batch drew. */
export type StepMode = CallOptions & Readonly<Record<string, unknown>>;

export interface TrainingStepOptions {
  model: TensorFlow.LayersModel;
  /** What stands for the model's `apply`; by default that. */
  forward?(inputs: TensorFlow.Tensor4D, options: CallOptions): TensorFlow.Tensor;
  optimizer: Optimizer;
  /** Mean over the batch. */
  loss?(logits: TensorFlow.Tensor2D, targets: TensorFlow.Tensor2D): TensorFlow.Scalar;
  /** In the place of `loss`, where more than logits is looked at. */
  objective?(inputs: TensorFlow.Tensor4D, targets: TensorFlow.Tensor2D, mode: StepMode): Objective;
  partNames?: readonly string[];
  /** Names of what a batch draws beside its inputs, in the order in which the step takes it; what a batch lacks is left out at the end. */
  drawNames?: readonly string[];
  clip?: GradientClip;
  average?: MovingAverage;
  /** Whether the step also gives each gradient's sum of squares; clipping by the global norm does in any case. */
  watchGradients?: boolean;
}

/** Dropout's masks come from it. */
export const DRAW_NAMES: readonly string[] = ["dropoutSeed"];

/**
 * One step of training as a function of tensors, made of TensorFlow operations only, so that it can be captured: forward, gradients,
 * clipping, update, moving average.
 *
 * @returns the loss; the gradients' sums of squares before clipping, `[parameters]`, where they are made; the objective's parts, `[parts]`,
 * where it has some
 */
export type TrainingStep = (
  inputs: TensorFlow.Tensor4D,
  targets: TensorFlow.Tensor2D,
  /** `[numbers]`, from the optimiser's `stepNumbers`. */
  stepNumbers: TensorFlow.Tensor1D,
  ...draws: TensorFlow.Tensor[]
) => [loss: TensorFlow.Scalar, squares?: TensorFlow.Tensor1D, parts?: TensorFlow.Tensor1D];

/** Throws a TypeError where neither a loss nor an objective is given. */
export function trainingStep(options: TrainingStepOptions): TrainingStep {
  const { optimizer, clip, average, partNames = [], drawNames = DRAW_NAMES } = options;
  const { parameters } = optimizer;
  const objective = options.objective ?? objectiveOfLogits(options);
  const watched = options.watchGradients || (clip !== undefined && "globalNorm" in clip);
  return (inputs, targets, stepNumbers, ...draws) =>
    tf.tidy(() => {
      const mode = { training: true, ...Object.fromEntries(draws.map((drawn, i) => [drawNames[i]!, drawn])) };
      // Kept over the end of the gradient's scope.
      let kept: TensorFlow.Tensor | undefined;
      const minimised = () => {
        const { value, parts } = objective(inputs, targets, mode);
        if (partNames.length > 0) kept = tf.keep(tf.stack(partNames.map((name) => partOf(parts, name))));
        return value;
      };
      const { value, grads } = tf.variableGrads(minimised, parameters as TensorFlow.Variable[]);
      const watchedParts = kept?.clone() as TensorFlow.Tensor1D | undefined;
      kept?.dispose();
      let gradients = parameters.map((parameter) => gradientOf(parameter, grads));
      const squares = watched ? sumsOfSquares(gradients) : undefined;
      if (clip && "globalNorm" in clip) gradients = clipByGlobalNorm(gradients, squares!, clip.globalNorm);
      if (clip && "value" in clip) gradients = clipByValue(gradients, clip.value);
      optimizer.update(gradients, stepNumbers);
      average?.update();
      return [value, squares, watchedParts] as never;
    });
}

function objectiveOfLogits({
  model,
  loss,
  forward,
}: TrainingStepOptions): NonNullable<TrainingStepOptions["objective"]> {
  if (!loss) throw new TypeError("a training step needs a loss or an objective");
  const apply = forward ?? ((inputs, mode) => model.apply(inputs, mode as object) as TensorFlow.Tensor);
  return (inputs, targets, mode) => ({ value: loss(apply(inputs, mode) as TensorFlow.Tensor2D, targets) });
}

function partOf(parts: Objective["parts"], name: string): TensorFlow.Scalar {
  const part = parts?.[name];
  if (!part) throw new Error(`the objective has no part "${name}"`);
  return part;
}

function gradientOf(parameter: TensorFlow.Variable, gradients: TensorFlow.NamedTensorMap): TensorFlow.Tensor {
  const gradient = gradients[parameter.name];
  if (!gradient) throw new Error(`${parameter.name} has no gradient: the loss does not depend on it, or it is frozen`);
  return gradient;
}
