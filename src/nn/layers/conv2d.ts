import { tf } from "../../tensorflow.js";
import { pair } from "../ops/padding.js";
import { Convolution, type ConvolutionConfig } from "./convolution.js";

/** One number for both axes, or `[height, width]`. */
export type Conv2dConfig = ConvolutionConfig<number | readonly [number, number]>;

/**
 * Two-dimensional convolution with PyTorch's geometry (`torch.nn.Conv2d`): padding by number, the same on both sides.
 * (TensorFlow's `same` pads unevenly at stride 2.)
 *
 * Input `[batch, height, width, channels]`, output `[batch, (height + 2p - d (k - 1) - 1) / s + 1, ..., filters]`, rounded down.
 * The kernel is stored as `[kh, kw, channels / groups, filters]`.
 *
 * @throws RangeError, with the layer's name, for options that are not whole numbers and for inputs that do not fit
 */
export class Conv2d extends Convolution {
  static readonly className = "AuscultConv2d";
  protected override readonly axes = ["batch", "height", "width", "channels"];

  constructor(config: Conv2dConfig) {
    super(config, pair);
  }
}
tf.serialization.registerClass(Conv2d);
