import { applyInPlace } from "../../engine/applyInPlace.js";
import { float32Attribute } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { UserError } from "../../userError.js";
import { Optimizer, requireRange, withCoupledDecay } from "./optimizer.js";

export interface AdamOptions {
  /** Of the first moment; default 0.9. */
  beta1?: number;
  /** Of the second moment; default 0.999. */
  beta2?: number;
  /** Added to the corrected root of the second moment; default 1e-8. */
  epsilon?: number;
  /** Coupled L2: added to the gradient as `weightDecay * parameter` (torch.optim.Adam, not AdamW). */
  weightDecay?: number;
}

/**
 * Adam with `torch.optim.Adam`'s meaning: p -= lr / c1 * m / (sqrt(v / c2) + epsilon), where c1 and c2 correct the moments' bias.
 * Kingma and Ba 2015, algorithm 1. On TensorFlow's kernel ResourceApplyAdam.
 *
 * That kernel adds its epsilon to the uncorrected root, and corrects the bias in float32. So it is given powers of zero (no
 * correction), and the corrections go, in double precision, into the learning rate and the epsilon of the step:
 * lr sqrt(c2) / c1 and epsilon sqrt(c2).
 */
export class Adam extends Optimizer {
  readonly name: string = "adam";
  protected readonly options: Required<AdamOptions>;

  /** @throws UserError for an option out of its range */
  constructor(parameters: readonly TensorFlow.Variable[], options: AdamOptions = {}) {
    const all = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, ...options };
    requireRange("beta1", all.beta1, 0, 1);
    requireRange("beta2", all.beta2, 0, 1);
    if (!(all.epsilon > 0 && Number.isFinite(all.epsilon)))
      throw new UserError(`epsilon ${all.epsilon}: must be a positive number`);
    requireRange("weight decay", all.weightDecay, 0, Infinity);
    super(parameters, ["first", "second"]);
    this.options = all;
  }

  protected numbersOf(step: number, learningRate: number): number[] {
    // The kernel's moments are averages with the float32 neighbours of beta1 and beta2: what corrects them must be too.
    const correction1 = 1 - Math.fround(this.options.beta1) ** step;
    const rootCorrection2 = Math.sqrt(1 - Math.fround(this.options.beta2) ** step);
    return [(learningRate * rootCorrection2) / correction1, this.options.epsilon * rootCorrection2];
  }

  protected updateOne(
    parameter: TensorFlow.Variable,
    gradient: TensorFlow.Tensor,
    slots: Readonly<Record<string, TensorFlow.Variable>>,
    [stepSize, epsilon]: readonly TensorFlow.Scalar[],
  ): void {
    const { beta1, beta2, weightDecay } = this.options;
    const none = tf.scalar(0);
    applyInPlace(
      "ResourceApplyAdam",
      [float32Attribute("T")],
      [parameter, slots.first!, slots.second!],
      [
        ...[none, none, stepSize!, tf.scalar(beta1), tf.scalar(beta2), epsilon!],
        withCoupledDecay(gradient, parameter, weightDecay),
      ],
    );
  }
}
