import type { LoadedModel } from "../../papers/loadModel.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import type { ExportedNetwork } from "./exportedNetwork.js";
import type { TestInputs } from "./testInputs.js";

interface Decided {
  exported: Pick<ExportedNetwork, "decide">;
  items: TestInputs["items"];
  labelOf: LoadedModel["labelOf"];
}

/**
 * The label of each item from the logits of its maps, as the run decided.
 *
 * @param logits `[maps, outputs]`
 * @returns indices into the labels, [items]
 */
export function labelsOf(logits: Float32Array, { exported, items, labelOf }: Decided): number[] {
  const maps = items.reduce((sum, { count }) => sum + count, 0);
  const probabilities = tf.tidy(() => {
    const decided = exported.decide(tf.tensor2d(logits, [maps, logits.length / maps]));
    return tf.softmax(decided as TensorFlow.Tensor2D).dataSync() as Float32Array; // [maps, labels]
  });
  const labels = probabilities.length / maps;
  return items.map(({ first, count }) =>
    labelOf(
      Array.from({ length: count }, (_, i) => probabilities.slice((first + i) * labels, (first + i + 1) * labels)),
    ),
  );
}
