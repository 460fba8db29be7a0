import { type TensorFlow, tf } from "../tensorflow.js";

/**
 * Mean binary cross-entropy of logits over batch and outputs (`torch.nn.BCEWithLogitsLoss`): max(z, 0) - z t + ln(1 + exp(-|z|)), which
 * does not overflow.
 *
 * @param logits z, `[batch, outputs]`
 * @param targets t, `[batch, outputs]`, each from 0 to 1
 * @param itemWeights `[batch]`, above 0; the sum of the weighted means of the items is divided by the sum of the weights
 * @returns scalar, nats
 */
export function binaryCrossEntropy(
  logits: TensorFlow.Tensor2D,
  targets: TensorFlow.Tensor2D,
  itemWeights?: TensorFlow.Tensor1D,
): TensorFlow.Scalar {
  return tf.tidy(() => {
    const soft = tf.log1p(tf.exp(tf.neg(tf.abs(logits)))); // [batch, outputs]
    const terms = tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), soft);
    if (!itemWeights) return tf.mean(terms) as TensorFlow.Scalar;
    return tf.div(tf.sum(tf.mul(tf.mean(terms, 1), itemWeights)), tf.sum(itemWeights)) as TensorFlow.Scalar;
  });
}
