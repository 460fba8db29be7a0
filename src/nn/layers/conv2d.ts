import { type TensorFlow, tf } from "../../tensorflow.js";
import type { InitialisedWeight, SelfInitialising } from "../init/initialise.js";
import { conv2d } from "../ops/conv2d.js";

export interface Conv2dConfig {
  filters: number;
  kernelSize: number;
  stride?: number;
  /** Zeros added on each side of both axes, as PyTorch's `padding`. */
  padding?: number;
  name: string;
}

/**
 * Two-dimensional convolution with PyTorch's geometry: padding by number, the same on both sides. (TensorFlow's `same`
 * pads unevenly at stride 2.) No bias: every convolution here is followed by batch normalisation.
 *
 * Input `[batch, height, width, channels]`, output `[batch, (height + 2p - k) / s + 1, (width + 2p - k) / s + 1, filters]`.
 * The kernel is stored as `[k, k, in, out]`.
 */
export class Conv2d extends tf.layers.Layer implements SelfInitialising {
  static readonly className = "AuscultConv2d";
  private readonly filters: number;
  private readonly kernelSize: number;
  private readonly stride: number;
  private readonly padding: number;
  private kernel: TensorFlow.LayerVariable | undefined;

  constructor(config: Conv2dConfig) {
    super(config as never);
    this.filters = config.filters;
    this.kernelSize = config.kernelSize;
    this.stride = config.stride ?? 1;
    this.padding = config.padding ?? 0;
  }

  override build(inputShape: TensorFlow.Shape): void {
    const channels = inputShape[3];
    if (inputShape.length !== 4 || !channels) {
      throw new RangeError(`${this.name}: input must be [batch, height, width, channels], got [${inputShape}]`);
    }
    const shape = [this.kernelSize, this.kernelSize, channels, this.filters];
    this.kernel = this.addWeight("kernel", shape, "float32", tf.initializers.zeros());
    this.built = true;
  }

  weightSchemes(): InitialisedWeight[] {
    return [{ weight: this.kernel!, scheme: "kaiming-normal-fan-out" }];
  }

  override computeOutputShape(inputShape: TensorFlow.Shape): TensorFlow.Shape {
    const along = (size: number | null) =>
      size === null ? null : Math.floor((size + 2 * this.padding - this.kernelSize) / this.stride) + 1;
    return [inputShape[0]!, along(inputShape[1]!), along(inputShape[2]!), this.filters];
  }

  override call(inputs: TensorFlow.Tensor | TensorFlow.Tensor[]): TensorFlow.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as TensorFlow.Tensor4D;
      const kernel = this.kernel!.read() as TensorFlow.Tensor4D;
      return conv2d(x, kernel, this.stride, this.padding);
    });
  }

  override getConfig(): TensorFlow.serialization.ConfigDict {
    const { filters, kernelSize, stride, padding } = this;
    return { ...super.getConfig(), filters, kernelSize, stride, padding };
  }
}
tf.serialization.registerClass(Conv2d);
