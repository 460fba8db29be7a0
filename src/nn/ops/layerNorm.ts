import { type TensorFlow, tf } from "../../tensorflow.js";

/**
 * Each row shifted and scaled to mean 0 and variance 1 over its last axis (biased variance, epsilon inside the root), then scale
 * and offset (`torch.nn.functional.layer_norm`; Ba, Kiros and Hinton 2016). A constant row gives the offset. TensorFlow has no
 * kernel of its own for it, so there is one path.
 *
 * @param x `[..., features]`
 * @param scale `[features]`
 * @param offset `[features]`
 */
export function layerNorm(
  x: TensorFlow.Tensor,
  scale: TensorFlow.Tensor1D,
  offset: TensorFlow.Tensor1D,
  epsilon: number,
): TensorFlow.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), offset);
}
