import { type TensorFlow, tf } from "../../tensorflow.js";

type Tensor = TensorFlow.Tensor;

const INVERSE_ROOT_2 = Math.SQRT1_2;
/** The normal density's factor, 1 / sqrt(2 pi). */
const DENSITY = 1 / Math.sqrt(2 * Math.PI);

/**
 * x times the normal distribution function of x, exactly: x (1 + erf(x / sqrt 2)) / 2 (`torch.nn.GELU`, approximate "none"). Any shape.
 * Hendrycks and Gimpel 2016. Plain tfjs operations; the plain "cpu" backend's erf is itself an approximation, within 2e-7.
 */
export function gelu<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    // The share of the distribution below x.
    const below = tf.mul(tf.add(tf.erf(tf.mul(value, INVERSE_ROOT_2)), 1), 0.5);
    save([value, below]);
    return {
      value: tf.mul(value, below),
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor => {
        const [x, share] = saved as [Tensor, Tensor];
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), DENSITY);
        return tf.mul(dy, tf.add(share, tf.mul(x, density)));
      },
    };
  });
  return operation(x) as T;
}
