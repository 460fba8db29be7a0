import { type TensorFlow, tf } from "../../tensorflow.js";
import { relu } from "../ops/relu.js";

/** max(x, 0), any shape, on TensorFlow's own gradient kernel. */
export class Relu extends tf.layers.Layer {
  static readonly className = "AuscultRelu";

  constructor(config: { name: string }) {
    super(config as never);
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => relu(Array.isArray(inputs) ? inputs[0]! : inputs));
  }
}
tf.serialization.registerClass(Relu);
