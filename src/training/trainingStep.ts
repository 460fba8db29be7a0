import { type TensorFlow, tf } from "../tensorflow.js";
import { clipByGlobalNorm, clipByValue, type GradientClip, sumsOfSquares } from "./gradients.js";
import type { MovingAverage } from "./movingAverage.js";
import type { Optimizer } from "./optimizers/optimizer.js";

export interface TrainingStepOptions {
  model: TensorFlow.LayersModel;
  optimizer: Optimizer;
  /** Mean over the batch. */
  loss(logits: TensorFlow.Tensor2D, targets: TensorFlow.Tensor2D): TensorFlow.Scalar;
  clip?: GradientClip;
  average?: MovingAverage;
  /** Whether the step also gives each gradient's sum of squares; clipping by the global norm does in any case. */
  watchGradients?: boolean;
}

/**
 * One step of training as a function of tensors, made of TensorFlow operations only, so that it can be captured: forward, gradients,
 * clipping, update, moving average.
 *
 * @returns the loss, and the gradients' sums of squares before clipping, `[parameters]`, where they are made
 */
export type TrainingStep = (
  inputs: TensorFlow.Tensor4D,
  targets: TensorFlow.Tensor2D,
  /** `[numbers]`, from the optimiser's `stepNumbers`. */
  stepNumbers: TensorFlow.Tensor1D,
  /** `[2]`, int32, for models with dropout only. */
  ...dropoutSeed: [] | [TensorFlow.Tensor1D]
) => [TensorFlow.Scalar] | [TensorFlow.Scalar, TensorFlow.Tensor1D];

export function trainingStep(options: TrainingStepOptions): TrainingStep {
  const { model, optimizer, loss, clip, average } = options;
  const { parameters } = optimizer;
  const watched = options.watchGradients || (clip !== undefined && "globalNorm" in clip);
  return (inputs, targets, stepNumbers, ...[dropoutSeed]) =>
    tf.tidy(() => {
      const mode = { training: true, dropoutSeed };
      const forward = () => loss(model.apply(inputs, mode) as TensorFlow.Tensor2D, targets);
      const { value, grads } = tf.variableGrads(forward, parameters as TensorFlow.Variable[]);
      let gradients = parameters.map((parameter) => gradientOf(parameter, grads));
      const squares = watched ? sumsOfSquares(gradients) : undefined;
      if (clip && "globalNorm" in clip) gradients = clipByGlobalNorm(gradients, squares!, clip.globalNorm);
      if (clip && "value" in clip) gradients = clipByValue(gradients, clip.value);
      optimizer.update(gradients, stepNumbers);
      average?.update();
      return squares ? [value, squares] : [value];
    });
}

function gradientOf(parameter: TensorFlow.Variable, gradients: TensorFlow.NamedTensorMap): TensorFlow.Tensor {
  const gradient = gradients[parameter.name];
  if (!gradient) throw new Error(`${parameter.name} has no gradient: the loss does not depend on it, or it is frozen`);
  return gradient;
}
