import { type TensorFlow, tf } from "../../tensorflow.js";
import { type Input, single } from "./call.js";

export interface BatchMinMaxConfig {
  /** What is taken from values between 0 and 1, and what the rest is divided by; unless said 0 and 1. */
  mean?: number;
  deviation?: number;
  name: string;
}

/** A batch of one value throughout becomes zeros before `mean` is taken. */
const SMALLEST_RANGE = 1e-12;

/**
 * The whole batch from its smallest value to its largest, between 0 and 1, then standardised with fixed constants. What becomes of an example
 * depends on the others in its batch, in evaluation too. Input and output have any one shape.
 *
 * @throws RangeError, with the layer's name, for a deviation that is not positive
 */
export class BatchMinMax extends tf.layers.Layer {
  static readonly className = "AuscultBatchMinMax";
  private readonly mean: number;
  private readonly deviation: number;

  constructor(config: BatchMinMaxConfig) {
    super(config as never);
    this.mean = config.mean ?? 0;
    this.deviation = config.deviation ?? 1;
    if (!(this.deviation > 0)) {
      throw new RangeError(`${this.name}: deviation must be positive, got ${this.deviation}`);
    }
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const smallest = tf.min(x);
      const range = tf.maximum(tf.sub(tf.max(x), smallest), SMALLEST_RANGE);
      return tf.div(tf.sub(tf.div(tf.sub(x, smallest), range), this.mean), this.deviation);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), mean: this.mean, deviation: this.deviation };
  }
}
tf.serialization.registerClass(BatchMinMax);
