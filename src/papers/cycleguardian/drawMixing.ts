import type { Rng } from "../../random/streams.js";
import { tf } from "../../tensorflow.js";
import type { Mixing } from "./groupMix.js";

/**
 * Draws a batch's group mix (papers.md 1.3): a share from Beta(1, 1), floor(groups (1 - share)) group positions for the whole batch, and
 * each item's partner by a permutation. The caller disposes of it.
 */
export function drawMixing(rng: Rng, batch: number, groups: number): Mixing {
  // Beta(1, 1) is uniform.
  const count = Math.floor(groups * (1 - rng.uniform()));
  const replaced = new Float32Array(groups);
  for (const position of rng.shuffle(upTo(groups)).slice(0, count)) replaced[position] = 1;
  return { partner: tf.tensor1d(rng.shuffle(upTo(batch)), "int32"), replaced: tf.tensor1d(replaced) };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
