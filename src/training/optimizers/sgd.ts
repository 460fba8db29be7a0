import { applyInPlace } from "../../engine/applyInPlace.js";
import { float32Attribute, nativeBackend } from "../../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { UserError } from "../../userError.js";
import { Optimizer, requireRange, withCoupledDecay } from "./optimizer.js";

export interface SgdOptions {
  /** At least 0 and less than 1; 0 (the default): plain gradient descent, which keeps no slot. */
  momentum?: number;
  /** Nesterov's form, which looks one step ahead; needs momentum. */
  nesterov?: boolean;
  /** Coupled: added to the gradient as `weightDecay * parameter`. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with `torch.optim.SGD`'s meaning, dampening 0: b = momentum b + g; p -= lr b, or with Nesterov
 * p -= lr (g + momentum b). On TensorFlow's kernels ResourceApplyMomentum and ResourceApplyGradientDescent.
 */
export class Sgd extends Optimizer {
  readonly name = "sgd";
  private readonly options: Required<SgdOptions>;

  /** @throws UserError for an option out of its range */
  constructor(parameters: readonly TensorFlow.Variable[], options: SgdOptions = {}) {
    const all = { momentum: 0, nesterov: false, weightDecay: 0, ...options };
    requireRange("momentum", all.momentum, 0, 1);
    requireRange("weight decay", all.weightDecay, 0, Infinity);
    if (all.nesterov && all.momentum === 0) throw new UserError("nesterov: needs a momentum above 0");
    super(parameters, all.momentum > 0 ? ["momentum"] : []);
    this.options = all;
  }

  protected numbersOf(_step: number, learningRate: number): number[] {
    return [learningRate];
  }

  protected updateOne(
    parameter: TensorFlow.Variable,
    gradient: TensorFlow.Tensor,
    slots: Readonly<Record<string, TensorFlow.Variable>>,
    [learningRate]: readonly TensorFlow.Scalar[],
  ): void {
    const { momentum, nesterov, weightDecay } = this.options;
    const decayed = withCoupledDecay(gradient, parameter, weightDecay);
    if (!slots.momentum) {
      applyInPlace("ResourceApplyGradientDescent", [float32Attribute("T")], [parameter], [learningRate!, decayed]);
      return;
    }
    const form = { name: "use_nesterov", type: nativeBackend().binding.TF_ATTR_BOOL, value: nesterov };
    const inputs = [learningRate!, decayed, tf.scalar(momentum)];
    applyInPlace("ResourceApplyMomentum", [float32Attribute("T"), form], [parameter, slots.momentum], inputs);
  }
}
