import { type TensorFlow, tf } from "../../tensorflow.js";
import { type Input, single } from "./call.js";

/** A layer that is a function of each value alone; any shape. */
export abstract class Activation extends tf.layers.Layer {
  protected abstract readonly activation: (x: TensorFlow.Tensor) => TensorFlow.Tensor;

  constructor(config: { name: string }) {
    super(config as never);
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => this.activation(single(inputs)));
  }
}
