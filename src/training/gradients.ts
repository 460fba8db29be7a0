import { float32Attribute, nativeBackend } from "../engine/nativeBackend.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";

type Tensor = TensorFlow.Tensor;

/** How gradients are bounded before an update: all together by their norm, or each value by itself. */
export type GradientClip = { globalNorm: number } | { value: number };

/** Throws UserError unless the bound is a positive number. */
export function requireClip(clip: GradientClip): void {
  const [name, bound] = Object.entries(clip)[0] as [string, number];
  if (!(bound > 0)) throw new UserError(`gradient clipping, ${name} ${bound}: must be a positive number`);
}

/**
 * Each gradient's sum of squares, `[gradients]`, one pass over each (TensorFlow's L2Loss). Not finite where a gradient has a value
 * that is not, or whose square is beyond float32 (1.8e19).
 */
export function sumsOfSquares(gradients: readonly Tensor[]): TensorFlow.Tensor1D {
  return tf.tidy(() => {
    const halves = gradients.map(
      (gradient): Tensor => nativeBackend().executeSingleOutput("L2Loss", [float32Attribute("T")], [gradient]),
    );
    return tf.mul(tf.stack(halves), 2) as TensorFlow.Tensor1D;
  });
}

/**
 * Gradients scaled by one factor so that the root of their squares' sum is at most `maximum` (`torch.nn.utils.clip_grad_norm_`, with its
 * 1e-6 beside the norm).
 *
 * @param squares of these gradients, from `sumsOfSquares`
 */
export function clipByGlobalNorm(
  gradients: readonly Tensor[],
  squares: TensorFlow.Tensor1D,
  maximum: number,
): Tensor[] {
  const norm = tf.sqrt(tf.sum(squares));
  const factor = tf.minimum(tf.div(maximum, tf.add(norm, 1e-6)), 1);
  return gradients.map((gradient) => tf.mul(gradient, factor));
}

/** Each value held within -limit and limit (`torch.nn.utils.clip_grad_value_`). */
export function clipByValue(gradients: readonly Tensor[], limit: number): Tensor[] {
  return gradients.map((gradient) => tf.clipByValue(gradient, -limit, limit));
}

/** The norm of all gradients together. */
export function normOf(squares: ArrayLike<number>): number {
  return Math.sqrt(Array.from(squares).reduce((sum, square) => sum + square, 0));
}

/** The parameters whose gradient is not finite, by name, for a message; undefined where all are. */
export function nonFiniteGradients(
  squares: ArrayLike<number>,
  parameters: readonly { name: string }[],
): string | undefined {
  const odd = parameters.filter((_, i) => !Number.isFinite(squares[i]!)).map(({ name }) => name);
  if (odd.length === 0) return undefined;
  return odd.length > 3 ? `${odd.slice(0, 3).join(", ")} and ${odd.length - 3} others` : odd.join(", ");
}
