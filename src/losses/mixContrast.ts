import { l2Normalise } from "../nn/ops/l2Normalise.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { crossEntropy } from "./crossEntropy.js";

export interface MixContrastInputs {
  /** `[batch, size]`, projection of the mixed samples, of any length. */
  mixed: TensorFlow.Tensor2D;
  /** `[batch, size]`, projection of the same samples unmixed. */
  plain: TensorFlow.Tensor2D;
  /** `[batch]`, int32: the sample that each was mixed with. */
  partner: TensorFlow.Tensor1D;
  /** The share of a sample in its mix, 0 to 1. */
  lambda: TensorFlow.Scalar;
  /** Divides the similarities. Default 0.06. */
  temperature?: number;
  /** `all` other samples repel (default), or those with `other labels` than the sample only. */
  negatives?: "all" | "other labels";
  /** `[batch, classes]`, one-hot, of the samples unmixed; needed for `other labels`. */
  labels?: TensorFlow.Tensor2D;
}

/** Added to similarities left out, which are at most 1 / temperature: their exponential is 0 in float32, and 0 times them still 0. */
const EXCLUDED = -1e9;

/**
 * Contrastive loss of mixed samples against unmixed ones, in the form that was run (papers.md 1.4 and decision 9): with
 * `s_ij = mixed_i . plain_j / T` of vectors of unit length and the soft labels `m = lambda I + (1 - lambda) P`, P the permutation
 * `partner`, it is `-(1 / B) sum_ij m_ij ln softmax_j(s_i)`. Gradients flow into both sides. With the negatives `other labels` the
 * sum in the softmax leaves out those j of the label of i that are neither i nor its partner.
 *
 * @returns scalar, nats; 0 for a batch of one
 * @throws RangeError where shapes do not fit, labels are wanting or the temperature is not positive
 */
export function mixContrast(inputs: MixContrastInputs): TensorFlow.Scalar {
  const { mixed, plain, partner, lambda, temperature = 0.06, negatives = "all", labels } = inputs;
  if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`mixContrast: temperature must be a positive number, got ${temperature}`);
  }
  const batch = mixed.shape[0];
  if (`${plain.shape}` !== `${mixed.shape}` || partner.shape[0] !== batch) {
    throw new RangeError(
      `mixContrast: mixed [${mixed.shape}], plain [${plain.shape}] and partner [${partner.shape}] must be of the same samples`,
    );
  }
  if (negatives === "other labels" && labels?.shape[0] !== batch) {
    throw new RangeError(
      `mixContrast: negatives of other labels need the labels of ${batch} samples, got ${labels ? `[${labels.shape}]` : "none"}`,
    );
  }
  return tf.tidy(() => {
    const columns = tf.range(0, batch, 1, "int32"); // [batch]
    // Not tf.oneHot, which refuses a batch of one.
    const markers = (indices: TensorFlow.Tensor) => tf.cast(tf.equal(tf.expandDims(indices, 1), columns), "float32");
    const self = markers(columns); // [batch, batch]
    const other = markers(partner); // [batch, batch]
    const shares = tf.add(tf.mul(lambda, self), tf.mul(tf.sub(1, lambda), other)); // [batch, batch]
    const similarities = tf.div(tf.matMul(l2Normalise(mixed), l2Normalise(plain), false, true), temperature);
    if (negatives === "all") return crossEntropy(similarities as TensorFlow.Tensor2D, shares as TensorFlow.Tensor2D);
    const same = tf.matMul(labels!, labels!, false, true); // [batch, batch], 0 or 1
    const left = tf.mul(tf.mul(same, tf.sub(1, tf.maximum(self, other))), EXCLUDED); // [batch, batch]
    return crossEntropy(tf.add(similarities, left), shares as TensorFlow.Tensor2D);
  });
}
