import { type TensorFlow, tf } from "../tensorflow.js";

export interface CrossEntropyOptions {
  /**
   * By class, each above 0. The sum of the weighted terms is divided by the sum of the targets' weights (`torch.nn.CrossEntropyLoss` with
   * `weight` and class indices), whatever the weights' own sum is. So it is where a target is shares of classes, too; PyTorch divides
   * those by the batch.
   */
  classWeights?: readonly number[];
}

/**
 * Mean softmax cross-entropy (`torch.nn.CrossEntropyLoss`, reduction "mean").
 *
 * @param logits `[batch, classes]`
 * @param oneHot `[batch, classes]`, each row sums to 1
 * @returns scalar, nats
 * @throws RangeError unless there is one weight above 0 for each class
 */
export function crossEntropy(
  logits: TensorFlow.Tensor2D,
  oneHot: TensorFlow.Tensor2D,
  { classWeights }: CrossEntropyOptions = {},
): TensorFlow.Scalar {
  if (!classWeights)
    return tf.tidy(() => tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1))) as TensorFlow.Scalar);
  expectClassWeights(classWeights, logits.shape[1]);
  return tf.tidy(() => {
    const weighted = tf.mul(oneHot, tf.tensor1d([...classWeights])); // [batch, classes]
    const sum = tf.sum(tf.mul(weighted, tf.logSoftmax(logits)));
    return tf.neg(tf.div(sum, tf.sum(weighted))) as TensorFlow.Scalar;
  });
}

function expectClassWeights(weights: readonly number[], classes: number): void {
  if (weights.length === classes && weights.every((weight) => weight > 0 && weight < Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`class weights: one above 0 for each of the ${classes} classes is wanted, got [${weights}]`);
}
