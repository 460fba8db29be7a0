import { type TensorFlow, tf } from "../tensorflow.js";
import { crossEntropy } from "./crossEntropy.js";

export interface SupConOptions {
  /** Divides the similarities. Default 0.1. */
  temperature?: number;
  /** The loss is multiplied by temperature / baseTemperature. Default 0.07. */
  baseTemperature?: number;
}

/** Added to a view's similarity with itself, at most 1 / temperature: its exponential is 0 in float32, and 0 times it is still 0. */
const EXCLUDED = -1e9;

/**
 * Supervised contrastive loss (Khosla et al. 2020, L_out; papers.md 3.4):
 * `-(T / T_base) mean_i (1 / |P(i)|) sum_{p in P(i)} (z_i z_p / T - ln sum_{a != i} exp(z_i z_a / T))`, where P(i) are the
 * other views of the class of view i, its twin among them. That is the cross-entropy of the similarities with all other views
 * against an equal share for each positive one. A view without a positive one, which two views an item never leave, adds 0 to the mean.
 *
 * Of the function that it returns:
 * - `embeddings` `[views, dims]`, rows of unit length; the order of views is of no matter
 * - `oneHot` `[views, classes]`, the label of each view
 * - result: scalar, nats
 * - throws a RangeError where there are fewer than two views or the two differ in their number
 *
 * @throws RangeError unless both temperatures are positive
 */
export function supCon({ temperature = 0.1, baseTemperature = 0.07 }: SupConOptions = {}) {
  expectPositive("temperature", temperature);
  expectPositive("baseTemperature", baseTemperature);
  return (embeddings: TensorFlow.Tensor2D, oneHot: TensorFlow.Tensor2D): TensorFlow.Scalar =>
    tf.tidy(() => {
      const views = embeddings.shape[0];
      if (views < 2 || oneHot.shape[0] !== views) {
        throw new RangeError(
          `supCon: embeddings [${embeddings.shape}] and labels [${oneHot.shape}] must be of the same views, two or more`,
        );
      }
      const self = tf.oneHot(tf.range(0, views, 1, "int32") as TensorFlow.Tensor1D, views); // [views, views]
      const similarities = tf.div(tf.matMul(embeddings, embeddings, false, true), temperature); // [views, views]
      const others = tf.add(similarities, tf.mul(self, EXCLUDED)) as TensorFlow.Tensor2D;
      const positives = tf.sub(tf.matMul(oneHot, oneHot, false, true), self); // [views, views], 0 or 1
      const counts = tf.maximum(tf.sum(positives, 1, true), 1); // [views, 1]
      const shares = tf.div(positives, counts) as TensorFlow.Tensor2D;
      return tf.mul(crossEntropy(others, shares), temperature / baseTemperature) as TensorFlow.Scalar;
    });
}

function expectPositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`supCon: ${name} must be a positive number, got ${value}`);
  }
}
