import { type TensorFlow, tf } from "../../tensorflow.js";
import { maximumShare } from "./maximumShare.js";

/**
 * Over which axis of a map the mean is taken before maximum plus mean over the other: `time`, as the closest relative of Multi-breath has
 * it, or `frequency`, PANNs' order. `positions`: the plain mean over both, and no maximum.
 */
export type MeanOver = "time" | "frequency" | "positions";

export const meanOvers: readonly MeanOver[] = ["time", "frequency", "positions"];

/**
 * One vector of a map (papers.md 2.3, equations 4 to 6 corrected): the mean over one axis, then maximum plus mean over the other.
 *
 * @param map `[batch, rows, frames, channels]`; rows are frequency, frames are time
 * @returns `[batch, channels]`
 */
export function frequencyTimePool(map: TensorFlow.Tensor4D, meanOver: MeanOver): TensorFlow.Tensor2D {
  if (meanOver === "positions") return tf.mean(map, [1, 2]);
  const means: TensorFlow.Tensor3D = tf.mean(map, meanOver === "frequency" ? 1 : 2); // [batch, the other axis, channels]
  const maximum = tf.sum(tf.mul(means, maximumShare(means, 1)), 1);
  return tf.add(maximum, tf.mean(means, 1));
}
