import { type TensorFlow, tf } from "../../tensorflow.js";
import { type Pair, padCircular, padConstant, pair } from "./padding.js";

type Tensor4D = TensorFlow.Tensor4D;

/** PyTorch's arguments of a convolution; one number stands for both axes. */
export interface ConvGeometry {
  stride?: number | Pair;
  /** Cells added on both sides of each axis. */
  padding?: number | Pair;
  /** What the added cells hold: zeros, or the far end of the axis. */
  paddingMode?: "zeros" | "circular";
  /** Distance between the kernel's taps. */
  dilation?: number | Pair;
  /** Input and output channels are divided into this many parts that do not see each other. */
  groups?: number;
}

/**
 * Two-dimensional convolution with PyTorch's geometry (`torch.nn.functional.conv2d`; cross-correlation, as there).
 *
 * @param x `[batch, height, width, in]`
 * @param kernel `[kh, kw, in / groups, out]`
 * @returns `[batch, (height + 2p - d (kh - 1) - 1) / s + 1, (width + ...) / s + 1, out]`, rounded down
 */
export function conv2d(x: Tensor4D, kernel: Tensor4D, geometry: ConvGeometry = {}): Tensor4D {
  const { paddingMode = "zeros", groups = 1 } = geometry;
  const [stride, dilation] = [pair(geometry.stride ?? 1), pair(geometry.dilation ?? 1)];
  const circular = paddingMode === "circular";
  const padding = pair(geometry.padding ?? 0);
  const input: Tensor4D = circular ? padCircular(x, padding) : x;
  const zeros: Pair = circular ? [0, 0] : padding;
  const taps = dilate(kernel, dilation);
  if (groups === 1) return plain(input, taps, stride, zeros);
  if (taps.shape[2] === 1 && stride[0] === stride[1]) return depthwise(input, taps, stride[0], zeros);
  const inputs: Tensor4D[] = tf.split(input, groups, 3);
  const kernels: Tensor4D[] = tf.split(taps, groups, 3);
  return tf.concat(
    inputs.map((part, i) => plain(part, kernels[i]!, stride, zeros)),
    3,
  );
}

/** TensorFlow's `same` adds as many zeros on both sides where the kernel is odd and the stride 1; it needs no padded copy of the input. */
function isSame(kernel: Tensor4D, stride: Pair, padding: Pair): boolean {
  const fits = (axis: 0 | 1) => stride[axis] === 1 && kernel.shape[axis] === 2 * padding[axis] + 1;
  return fits(0) && fits(1);
}

function plain(x: Tensor4D, kernel: Tensor4D, stride: Pair, padding: Pair): Tensor4D {
  if (isSame(kernel, stride, padding)) return tf.conv2d(x, kernel, 1, "same");
  return tf.conv2d(padConstant(x, padding), kernel, [...stride], "valid");
}

/** One input channel a group: TensorFlow keeps these kernels as `[kh, kw, in, out / in]`, the same values in the same order. */
function depthwise(x: Tensor4D, kernel: Tensor4D, stride: number, padding: Pair): Tensor4D {
  const [kh, kw, , out] = kernel.shape;
  const channels = x.shape[3];
  const filter: Tensor4D = tf.reshape(kernel, [kh, kw, channels, out / channels]);
  if (isSame(kernel, [stride, stride], padding)) return tf.depthwiseConv2d(x, filter, 1, "same");
  return tf.depthwiseConv2d(padConstant(x, padding), filter, stride, "valid");
}

/**
 * The kernel with `dilation - 1` zeros between its taps: tfjs has no gradient for dilated convolutions, for plain ones it has.
 * Costs the products with those zeros; no network here is dilated.
 */
function dilate(kernel: Tensor4D, [vertical, horizontal]: Pair): Tensor4D {
  if (vertical === 1 && horizontal === 1) return kernel;
  const [kh, kw, channels, out] = kernel.shape;
  const spread = tf.pad(tf.reshape(kernel, [kh, 1, kw, 1, channels * out]), [
    [0, 0],
    [0, vertical - 1],
    [0, 0],
    [0, horizontal - 1],
    [0, 0],
  ]);
  const whole: Tensor4D = tf.reshape(spread, [kh * vertical, kw * horizontal, channels, out]);
  return tf.slice4d(whole, [0, 0, 0, 0], [(kh - 1) * vertical + 1, (kw - 1) * horizontal + 1, channels, out]);
}
