import { type TensorFlow, tf } from "../../tensorflow.js";
import { expectAxes, type Input, single } from "./call.js";

/** `length`: the softmax times the number of places, so that the mean weight is 1. `none`: the softmax itself, whose sum is 1. */
export type AttentionScale = "length" | "none";

const scales: readonly AttentionScale[] = ["length", "none"];

export interface AxisAttentionConfig {
  /** Unless said `length` (papers.md, decision 52). */
  scale?: AttentionScale;
  name: string;
}

/**
 * From scores along an axis to the weights of its places, for each channel apart: a softmax over the places, times their number (papers.md 4.3).
 *
 * Input and output `[batch, places, channels]`.
 *
 * @throws RangeError, with the layer's name, for another scale and an input of other axes
 */
export class AxisAttention extends tf.layers.Layer {
  static readonly className = "AuscultAxisAttention";
  private readonly scale: AttentionScale;

  constructor(config: AxisAttentionConfig) {
    super(config as never);
    this.scale = config.scale ?? "length";
    if (!scales.includes(this.scale)) {
      throw new RangeError(`${this.name}: scale must be ${scales.join(" or ")}, got ${JSON.stringify(this.scale)}`);
    }
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    expectAxes(this.name, inputShape, ["batch", "places", "channels"]);
    return [...inputShape];
  }

  override call(inputs: Input): TensorFlow.Tensor {
    return tf.tidy(() => {
      const scores = single<TensorFlow.Tensor3D>(inputs);
      this.computeOutputShape(scores.shape);
      // tfjs's softmax knows the last axis only.
      const shares = tf.transpose(tf.softmax(tf.transpose(scores, [0, 2, 1])), [0, 2, 1]); // [batch, places, channels]
      return this.scale === "none" ? shares : tf.mul(shares, scores.shape[1]);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    return { ...super.getConfig(), scale: this.scale };
  }
}
tf.serialization.registerClass(AxisAttention);
