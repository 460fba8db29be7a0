import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, type Input, single } from "./call.js";

export interface JointLogitsConfig {
  /** A label is there where its probability is above it. Unless said, one half. */
  threshold?: number;
  name: string;
}

/**
 * From the logits of n labels that may be there or not, independently, to logarithms of the probabilities of their 2^n combinations: in
 * combination k label i is there where bit i of k is 1. The largest is the combination of the labels above the threshold; with a threshold
 * other than one half they are the logarithms of what the probabilities would be if the threshold were one half.
 *
 * Input `[batch, labels]`, output `[batch, 2^labels]`.
 *
 * @throws RangeError, with the layer's name, for a threshold that is not between 0 and 1
 */
export class JointLogits extends tf.layers.Layer {
  static readonly className = "AuscultJointLogits";
  private readonly threshold: number;

  constructor(config: JointLogitsConfig) {
    super(config as never);
    this.threshold = config.threshold ?? 0.5;
    if (!(this.threshold > 0 && this.threshold < 1)) {
      throw new RangeError(`${this.name}: threshold must be between 0 and 1, got ${this.threshold}`);
    }
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch", "labels"]);
    return [inputShape[0]!, 2 ** inputShape[1]!];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const given = single<TensorFlow.Tensor2D>(inputs);
      expectAxes(this.name, given.shape, ["batch", "labels"]);
      const shift = Math.log(this.threshold / (1 - this.threshold));
      const logits = shift === 0 ? given : tf.sub(given, shift);
      const labels = given.shape[1];
      // ln p and ln (1 - p) beside each other: [batch, labels, 2], flat.
      const logProbabilities = tf.concat([tf.logSigmoid(logits), tf.logSigmoid(tf.neg(logits))], 1); // [batch, 2 labels]
      const taken = Array.from({ length: 2 * labels }, (_, row) =>
        Array.from({ length: 2 ** labels }, (__, k) => {
          const isThere = ((k >> (row % labels)) & 1) === 1;
          return Number(isThere === row < labels);
        }),
      );
      return tf.matMul(logProbabilities as TensorFlow.Tensor2D, tf.tensor2d(taken));
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), threshold: this.threshold };
  }
}
tf.serialization.registerClass(JointLogits);
