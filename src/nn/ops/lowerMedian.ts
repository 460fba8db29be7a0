import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

/**
 * The middle value along the last axis, and for an even number of values the lower of the two in the middle (`torch.median`). The whole
 * gradient goes to the one position that was chosen, also among equals. Finite values only.
 *
 * @param x `[..., values]`
 * @returns `[..., 1]`
 */
export function lowerMedian<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const count = value.shape.at(-1)!;
    const rank = Math.floor((count + 1) / 2);
    // The largest of the negated values are the smallest, in order.
    const { values, indices } = tf.topk(tf.neg(value), rank);
    const last = (ordered: Tensor): Tensor =>
      tf.slice(ordered, [...value.shape.slice(0, -1).map(() => 0), rank - 1], [...value.shape.slice(0, -1), 1]);
    save([last(indices)]);
    return {
      value: tf.neg(last(values)),
      gradFunc: (dy: Tensor, [place]: Tensor[]): Tensor => {
        const chosen = tf.equal(tf.range(0, count, 1, "int32"), place!);
        return tf.mul(dy, tf.cast(chosen, "float32"));
      },
    };
  });
  return operation(x) as T;
}
