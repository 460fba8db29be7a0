import { type TensorFlow, tf } from "../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/**
 * Where the learnt matrix stands (papers.md, decision 11).
 * - `code`: `|x . (y S)| / (|x S| |y S| + 1e-10)`, S any matrix, rows on its left: exchanging x and y changes it unless S is symmetric
 * - `paper`: `|x' S y| / (sqrt((x' S x) (y' S y)) + 1e-10)` with S = A'A from the learnt matrix A, so that no root is of a negative number
 */
export type SoftCosineForm = "code" | "paper";

/** Keeps the quotient of zero vectors 0; of the authors' code. */
const EPSILON = 1e-10;

/**
 * Absolute value of the soft cosine of two vectors (papers.md 1.4). A zero vector has similarity 0 with all, and no gradient there,
 * as in PyTorch.
 *
 * @param x `[..., size]`
 * @param y `[..., size]`, of the same shape
 * @param matrix `[size, size]`: S of the form "code", A of the form "paper"; without it the plain cosine
 * @returns `[...]`; 0 to 1 but in the form "code" with a matrix, where it may exceed 1
 * @throws RangeError where shapes do not fit
 */
export function absSoftCosine(
  x: Tensor,
  y: Tensor,
  matrix?: TensorFlow.Tensor2D,
  form: SoftCosineForm = "code",
): Tensor {
  if (`${x.shape}` !== `${y.shape}`) {
    throw new RangeError(`absSoftCosine: vectors [${x.shape}] and [${y.shape}] must be of one shape`);
  }
  return tf.tidy(() => {
    const mappedX = mapped(x, matrix, form);
    const mappedY = mapped(y, matrix, form);
    const products = tf.sum(tf.mul(form === "code" ? x : mappedX, mappedY), -1);
    return quotient(products, tf.mul(tf.squeeze(lengths(mappedX), [-1]), tf.squeeze(lengths(mappedY), [-1])));
  });
}

/**
 * Similarity term of CycleGuardian (papers.md 1.4): the absolute soft cosines of the clusters' vectors, summed over the
 * K (K - 1) / 2 pairs x = c_j, y = c_k with j < k, mean over the batch.
 *
 * @param c `[batch, clusters, size]`
 * @param matrix as of `absSoftCosine`
 * @returns scalar
 * @throws RangeError where shapes do not fit
 */
export function clusterSimilarity(
  c: TensorFlow.Tensor3D,
  matrix?: TensorFlow.Tensor2D,
  form: SoftCosineForm = "code",
): TensorFlow.Scalar {
  const [batch, clusters] = c.shape;
  return tf.tidy(() => {
    const mappedC = mapped(c, matrix, form);
    const products = tf.matMul(form === "code" ? c : mappedC, mappedC, false, true); // [batch, clusters, clusters]
    const norms = lengths(mappedC); // [batch, clusters, 1]
    const similarities = quotient(products, tf.mul(norms, tf.transpose(norms, [0, 2, 1])));
    const indices = Array.from({ length: clusters }, (_, j) => j);
    const pairs = tf.tensor2d(indices.map((j) => indices.map((k) => Number(j < k)))); // [clusters, clusters]
    return tf.div(tf.sum(tf.mul(similarities, pairs)), batch) as TensorFlow.Scalar;
  });
}

/** x S of each row, or A x of the form "paper". */
function mapped<T extends Tensor>(x: T, matrix: TensorFlow.Tensor2D | undefined, form: SoftCosineForm): T {
  if (!matrix) return x;
  const size = x.shape[x.rank - 1]!;
  if (matrix.shape[0] !== size || matrix.shape[1] !== size) {
    throw new RangeError(`soft cosine: vectors [${x.shape}] need a matrix [${size},${size}], got [${matrix.shape}]`);
  }
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, size]), matrix, false, form === "paper"), x.shape) as T;
}

/** Euclidean length over the last axis, kept with size 1. Its gradient at 0 is 0, where that of the root alone is NaN. */
function lengths(x: Tensor): Tensor {
  const squares = tf.sum(tf.square(x), -1, true);
  const zero = tf.sub(1, tf.sign(squares)); // 1 or 0
  return tf.sub(tf.sqrt(tf.add(squares, zero)), zero);
}

/** |a| / (b + 1e-10). The absolute value is a product since the gradient of tf.abs at 0 is -1: here that is times 1e10. */
function quotient(a: Tensor, b: Tensor): Tensor {
  return tf.div(tf.mul(a, tf.sign(a)), tf.add(b, EPSILON));
}
