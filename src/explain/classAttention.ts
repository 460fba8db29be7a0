import { Csra } from "../nn/layers/csra.js";
import { type TensorFlow, tf } from "../tensorflow.js";
import { UserError } from "../userError.js";
import type { CamMap } from "./gradCam.js";
import { computed } from "./layerGraph.js";

/** How an item's positions share the attention of an output, as the mean over the heads or of one head: each map adds up to 1. */
export interface ClassAttention {
  /** [outputs] */
  maps: CamMap[];
}

/**
 * What each output of a network with class-specific residual attention looks at, in evaluation mode; the model stays as it is.
 *
 * @param inputs `[batch, rows, frames, channels]`
 * @param head counted from 0; absent: the mean over all heads
 * @returns of each item, maps of as many rows and frames as the last map of the backbone has
 * @throws UserError for a network without such a head, and for a head that it does not have
 * @see papers.md 2.3
 */
export function classAttention(
  model: TensorFlow.LayersModel,
  inputs: TensorFlow.Tensor4D,
  head?: number,
): ClassAttention[] {
  const layer = model.layers.find((one): one is Csra => one instanceof Csra);
  if (!layer) {
    throw new UserError("the network has no class-specific residual attention; what it looks at is seen by Grad-CAM++");
  }
  const { shape, values } = tf.tidy(() => {
    const map = computed(layer.input as TensorFlow.SymbolicTensor, new Map([[model.inputs[0]!.id, inputs]]));
    const attention = layer.attention(map as TensorFlow.Tensor4D); // [batch, heads, outputs, rows, frames]
    const heads = attention.shape[1];
    if (head !== undefined && !(Number.isInteger(head) && head >= 0 && head < heads)) {
      throw new UserError(`there is no head ${head}: the network has ${heads}, from 0`);
    }
    const one = head === undefined ? tf.mean(attention, 1) : tf.squeeze(tf.slice(attention, [0, head, 0, 0, 0], [-1, 1, -1, -1, -1]), [1]); // biome-ignore format: one line
    return { shape: one.shape, values: one.dataSync() as Float32Array };
  });
  const [items, outputs, rows, frames] = shape as [number, number, number, number];
  const size = rows * frames;
  const mapAt = (at: number): CamMap => ({ values: values.slice(at * size, (at + 1) * size), rows, frames });
  return Array.from({ length: items }, (_, item) => ({
    maps: Array.from({ length: outputs }, (__, output) => mapAt(item * outputs + output)),
  }));
}
