import { tf } from "../../tensorflow.js";
import { Convolution, type ConvolutionConfig } from "./convolution.js";

export type Conv1dConfig = ConvolutionConfig<number>;

/**
 * One-dimensional convolution with PyTorch's geometry (`torch.nn.Conv1d`).
 *
 * Input `[batch, time, channels]`, output `[batch, (time + 2p - d (k - 1) - 1) / s + 1, filters]`, rounded down. The kernel is
 * stored as `[k, channels / groups, filters]`.
 *
 * @throws RangeError, with the layer's name, for options that are not whole numbers and for inputs that do not fit
 */
export class Conv1d extends Convolution {
  static readonly className = "AuscultConv1d";
  protected override readonly axes = ["batch", "time", "channels"];

  constructor(config: Conv1dConfig) {
    super(config, (value, none) => [none, value as number]);
  }
}
tf.serialization.registerClass(Conv1d);
