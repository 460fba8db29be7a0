import { type TensorFlow, tf } from "../../tensorflow.js";
import { hasOneDnnMaxPool, oneDnnMaxPool } from "./oneDnnMaxPool.js";
import { type Pair, padConstant } from "./padding.js";

type Tensor4D = TensorFlow.Tensor4D;

/** The lowest finite value, not -Infinity: a pad of infinities times a zero gradient would be NaN. */
const LOWEST = -3.4028234663852886e38;

export interface PoolGeometry {
  size: Pair;
  stride: Pair;
  /** Cells added on both sides of each axis. */
  padding: Pair;
}

/** Maximum of each window; added cells never win. `[batch, height, width, channels]`, sizes as for `conv2d`. */
export function maxPool2d(x: Tensor4D, { size, stride, padding }: PoolGeometry): Tensor4D {
  const padded = padConstant(x, padding, LOWEST);
  return hasOneDnnMaxPool() ? oneDnnMaxPool(padded, size, stride) : tf.maxPool(padded, [...size], [...stride], "valid");
}

/**
 * Mean of each window. Added cells are zeros that count as cells where `countPadding` (PyTorch's `count_include_pad`), else the
 * mean is over what is inside.
 */
export function avgPool2d(x: Tensor4D, { size, stride, padding }: PoolGeometry, countPadding: boolean): Tensor4D {
  const pooled = tf.avgPool(padConstant(x, padding), [...size], [...stride], "valid");
  if (countPadding || (padding[0] === 0 && padding[1] === 0)) return pooled;
  // The share of each window that is inside is what a picture of ones gives.
  const inside = padConstant(tf.ones([1, x.shape[1], x.shape[2], 1]), padding);
  return tf.div(pooled, tf.avgPool(inside as Tensor4D, [...size], [...stride], "valid"));
}
