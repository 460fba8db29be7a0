import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/**
 * Each cell's share in the maximum along an axis: 1 at the largest value and 0 elsewhere, divided equally among equals. Same shape as `x`.
 *
 * No gradient flows through the shares, so the sum of `x` times its shares is the maximum with the gradient of `torch.amax`; that of tfjs's
 * own maximum gives each of equals the whole, and maps behind a ReLU have many equal zeros.
 */
export function maximumShare<T extends Tensor>(x: T, axis: number): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    save([value]);
    const largest = tf.cast(tf.equal(value, tf.max(value, axis, true)), "float32");
    return {
      value: tf.div(largest, tf.sum(largest, axis, true)),
      gradFunc: (_: Tensor, saved: Tensor[]): Tensor => tf.zerosLike(saved[0]!),
    };
  });
  return operation(x) as T;
}
