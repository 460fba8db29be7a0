import { type TensorFlow, tf } from "../../tensorflow.js";

/** Which groups of which other item a mixed item takes; drawn anew for each batch. */
export interface Mixing {
  /** int32 `[batch]`: the place in the batch of each item's partner. */
  partner: TensorFlow.Tensor1D;
  /** `[groups]`: 1 where the partner's group is taken, 0 where the item's own stays; the same for all items. */
  replaced: TensorFlow.Tensor1D;
}

/**
 * Group mix (papers.md 1.3): items some of whose groups are their partner's. Gradients flow through both.
 *
 * @param features `[batch, groups, features]`, finite
 * @returns the same shape, values copied exactly
 */
export function groupMix(features: TensorFlow.Tensor3D, { partner, replaced }: Mixing): TensorFlow.Tensor3D {
  const [batch, groups] = features.shape;
  if (partner.size !== batch || replaced.size !== groups) {
    throw new RangeError(
      `groupMix: features [${features.shape}] need ${batch} partners and ${groups} replaced, got ${partner.size} and ${replaced.size}`,
    );
  }
  return tf.tidy(() => {
    const taken = tf.reshape(replaced, [1, groups, 1]);
    const others = tf.gather(features, partner);
    return tf.add(tf.mul(features, tf.sub(1, taken)), tf.mul(others, taken)) as TensorFlow.Tensor3D;
  });
}
