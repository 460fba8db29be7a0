import { type TensorFlow, tf } from "../../tensorflow.js";
import { l2Normalise } from "../ops/l2Normalise.js";
import { type Input, single } from "./call.js";

/**
 * Rows of unit length over the last axis (`torch.nn.functional.normalize(x, dim=1, eps=1e-12)`). Input and output
 * `[batch, ..., features]`.
 *
 * @throws RangeError, with the layer's name, for an input without a batch axis
 */
export class L2Normalise extends tf.layers.Layer {
  static readonly className = "AuscultL2Normalise";

  constructor(config: { name: string }) {
    super(config as never);
  }

  override build(inputShape: TensorFlow.Shape): void {
    if (inputShape.length < 2) {
      throw new RangeError(`${this.name}: input must be [batch, ..., features], got [${inputShape}]`);
    }
    this.built = true;
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => l2Normalise(single(inputs)));
  }
}
tf.serialization.registerClass(L2Normalise);
