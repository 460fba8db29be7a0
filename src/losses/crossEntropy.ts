import { type TensorFlow, tf } from "../tensorflow.js";

/**
 * Mean softmax cross-entropy (`torch.nn.CrossEntropyLoss`, reduction "mean").
 *
 * @param logits `[batch, classes]`
 * @param oneHot `[batch, classes]`, each row sums to 1
 * @returns scalar, nats
 */
export function crossEntropy(logits: TensorFlow.Tensor2D, oneHot: TensorFlow.Tensor2D): TensorFlow.Scalar {
  return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1))) as TensorFlow.Scalar);
}
