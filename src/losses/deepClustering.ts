import { type TensorFlow, tf } from "../tensorflow.js";

type Tensor = TensorFlow.Tensor;
type Tensor3D = TensorFlow.Tensor3D;

/** In the loss's logarithm, beside q (the authors' code). */
const EPSILON = 1e-10;

/** Lesser divisors and arguments of logarithms count as this much: its square, which the gradient divides by, is above 0 in float32. */
const TINY = 1e-18;

/**
 * Soft assignment of groups to cluster centres by Student's t kernel (papers.md 1.4; Xie, Girshick and Farhadi 2016, equation 1):
 * `q_ij = (1 + |e_i - mu_j|^2 / alpha)^(-(alpha + 1) / 2)`, normalised over the clusters j.
 *
 * @param e `[batch, groups, size]`
 * @param centres `[clusters, size]`
 * @param alpha degrees of freedom
 * @returns `[batch, groups, clusters]`, each row sums to 1
 * @throws RangeError where sizes differ or alpha is not positive
 */
export function studentAssignment(e: Tensor3D, centres: TensorFlow.Tensor2D, alpha = 1): Tensor3D {
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`studentAssignment: alpha must be a positive number, got ${alpha}`);
  }
  const [batch, groups, size] = e.shape;
  if (centres.shape[1] !== size) {
    throw new RangeError(`studentAssignment: groups [${e.shape}] and centres [${centres.shape}] must be of one size`);
  }
  return tf.tidy(() => {
    // Differences first: |e|^2 - 2 e mu + |mu|^2 would cancel where a group is near its centre.
    const differences = tf.sub(tf.reshape(e, [batch, groups, 1, size]), centres); // [batch, groups, clusters, size]
    const distances = tf.sum(tf.square(differences), -1); // [batch, groups, clusters]
    const logits = tf.mul(tf.log1p(tf.div(distances, alpha)), -(alpha + 1) / 2);
    return tf.softmax(logits) as Tensor3D;
  });
}

/**
 * Target distribution of deep clustering (papers.md 1.4; Xie, Girshick and Farhadi 2016, equation 3), which sharpens q and weighs
 * frequent clusters down: `p_ij = (q_ij^2 / sum_i q_ij)`, the sum over the groups i of the same sample, normalised over the clusters j.
 * A cluster that no group has any share in gets none.
 *
 * @param q `[batch, groups, clusters]`
 * @returns `[batch, groups, clusters]`, each row sums to 1
 */
export function targetDistribution(q: Tensor3D): Tensor3D {
  return tf.tidy(() => {
    const frequencies = tf.maximum(tf.sum(q, 1, true), TINY); // [batch, 1, clusters]
    const weights = tf.mul(q, tf.div(q, frequencies)); // in this order since q^2 may fall below float32
    return tf.div(weights, tf.sum(weights, 2, true));
  });
}

export interface ClusteringLossOptions {
  /** Whether the target counts as constant in the gradient. Default false, as the authors' code runs (papers.md, decision 13). */
  detachTarget?: boolean;
}

/**
 * Deep clustering loss (papers.md 1.4): `sum_ij p_ij ln(p_ij / (q_ij + 1e-10))` over groups i and clusters j with p the
 * target distribution of q, mean over the batch. The authors' code sums over the batch too, so their weight 1 at
 * batch 128 is the weight 128 here (decision 12). 0 ln 0 is 0.
 *
 * @param q `[batch, groups, clusters]`, each row sums to 1
 * @returns scalar, nats
 */
export function clusteringLoss(q: Tensor3D, { detachTarget = false }: ClusteringLossOptions = {}): TensorFlow.Scalar {
  return tf.tidy(() => {
    const p = detachTarget ? detachedTarget(q) : targetDistribution(q);
    const ratios = tf.sub(tf.log(tf.maximum(p, TINY)), tf.log(tf.add(q, EPSILON)));
    return tf.div(tf.sum(tf.mul(p, ratios)), q.shape[0]) as TensorFlow.Scalar;
  });
}

function detachedTarget(q: Tensor3D): Tensor {
  const operation = tf.customGrad((...args: unknown[]) => ({
    value: targetDistribution(args[0] as Tensor3D),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return operation(q);
}
