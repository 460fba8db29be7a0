import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/** Lengths below it count as this much. */
const EPSILON = 1e-12;

/**
 * Each row divided by its Euclidean length, over the last axis, `x / max(|x|, 1e-12)` (`torch.nn.functional.normalize`, whose axis 1
 * is our last). A row of zeros stays one. The gradient is PyTorch's there too, dy / 1e-12; the one that tfjs composes is NaN.
 *
 * @param x `[..., features]`
 */
export function l2Normalise<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const length = tf.sqrt(tf.sum(tf.square(value), -1, true)); // [..., 1]
    const y = tf.div(value, tf.maximum(length, EPSILON));
    save([y, length]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [unit, norm]: Tensor[]): Tensor => {
        const along = tf.sum(tf.mul(dy, unit!), -1, true);
        const scaled = tf.cast(tf.greaterEqual(norm!, EPSILON), "float32");
        return tf.div(tf.sub(dy, tf.mul(unit!, tf.mul(along, scaled))), tf.maximum(norm!, EPSILON));
      },
    };
  });
  return operation(x) as T;
}
