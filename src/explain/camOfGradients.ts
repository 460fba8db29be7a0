import { type TensorFlow, tf } from "../tensorflow.js";

/**
 * Grad-CAM++ (Chattopadhyay et al. 2018; papers.md 6.14) from what a layer gives, A, and the gradient g of what is explained, S, by it:
 * alpha = g^2 / (2 g^2 + sum(A) g^3) with the sum over all positions of the channel, 0 where the denominator is 0; w = sum(alpha relu(g))
 * of each channel; relu(sum of w A over channels), then from its minimum to its maximum as 0 to 1. A map that is the same everywhere
 * becomes 0.
 *
 * S and exp(S), which the paper derives the weights for, give the same map: the factor exp(S) is one for all of it.
 *
 * @param activations A, `[batch, rows, frames, channels]`
 * @param gradients g, the same shape
 * @returns `[batch, rows, frames]`
 */
export function camOfGradients(activations: TensorFlow.Tensor4D, gradients: TensorFlow.Tensor4D): TensorFlow.Tensor3D {
  return tf.tidy(() => {
    const sums = tf.sum(activations, [1, 2], true); // [batch, 1, 1, channels]
    // alpha relu(g), divided by g^2 above and below: g^3 of a small gradient is no number of single precision.
    const shares = quotient(tf.relu(gradients), tf.add(tf.mul(sums, gradients), 2));
    const weights = tf.sum(shares, [1, 2], true); // [batch, 1, 1, channels]
    const maps = tf.relu(tf.sum(tf.mul(weights, activations), 3)); // [batch, rows, frames]
    const lowest = tf.min(maps, [1, 2], true);
    return quotient(tf.sub(maps, lowest), tf.sub(tf.max(maps, [1, 2], true), lowest)) as TensorFlow.Tensor3D;
  });
}

/**
 * a / b, and 0 where b is 0. Nothing is divided by 0 on the way: `tf.divNoNan` selects, and converters to ONNX write a selection as products, in
 * which NaN stays.
 */
function quotient(a: TensorFlow.Tensor, b: TensorFlow.Tensor): TensorFlow.Tensor {
  const isZero = tf.cast(tf.equal(b, 0), "float32");
  return tf.mul(tf.div(a, tf.add(b, isZero)), tf.sub(1, isZero));
}
