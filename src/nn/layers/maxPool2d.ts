import { type TensorFlow, tf } from "../../tensorflow.js";

export interface MaxPool2dConfig {
  size: number;
  stride: number;
  /** Cells added on each side of both axes, as PyTorch's `padding`; they never win. */
  padding?: number;
  name: string;
}

/** Maximum pooling with PyTorch's geometry. Input `[batch, height, width, channels]`; sizes as for `Conv2d`. */
export class MaxPool2d extends tf.layers.Layer {
  static readonly className = "AuscultMaxPool2d";
  private readonly size: number;
  private readonly stride: number;
  private readonly padding: number;

  constructor(config: MaxPool2dConfig) {
    super(config as never);
    this.size = config.size;
    this.stride = config.stride;
    this.padding = config.padding ?? 0;
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    const along = (size: number | null) =>
      size === null ? null : Math.floor((size + 2 * this.padding - this.size) / this.stride) + 1;
    return [inputShape[0]!, along(inputShape[1]!), along(inputShape[2]!), inputShape[3]!];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as TensorFlow.Tensor4D;
      const p = this.padding;
      // The lowest finite value, not -Infinity: a pad of infinities times a zero gradient would be NaN.
      const lowest = -3.4028234663852886e38;
      const around: [number, number] = [p, p];
      const padded = p === 0 ? x : tf.pad4d(x, [[0, 0], around, around, [0, 0]], lowest);
      return tf.maxPool(padded, this.size, this.stride, "valid");
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    const { size, stride, padding } = this;
    return { ...super.getConfig(), size, stride, padding };
  }
}
tf.serialization.registerClass(MaxPool2d);
