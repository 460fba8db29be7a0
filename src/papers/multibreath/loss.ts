import { binaryCrossEntropy } from "../../losses/binaryCrossEntropy.js";
import { crossEntropy } from "../../losses/crossEntropy.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { multiLabelTargets } from "./labels.js";
import type { MultibreathRecipe } from "./recipe.js";

/**
 * What is minimised (papers.md 2.4): binary cross-entropy over the outputs, or cross-entropy over the classes.
 *
 * @param counts training cycles of each class, whose inverse weighs them where the recipe asks for it
 * @returns a loss of logits `[batch, outputs]` and classes, one-hot `[batch, classes]`
 */
export function multibreathLoss(
  { targets, labels, classWeights }: Pick<MultibreathRecipe, "targets" | "labels" | "classWeights">,
  counts: readonly number[],
): (logits: TensorFlow.Tensor2D, oneHot: TensorFlow.Tensor2D) => TensorFlow.Scalar {
  const weights = classWeights === "inverse" ? inverse(counts) : undefined;
  if (targets === "single-label") {
    return (logits, oneHot) => crossEntropy(logits, oneHot, weights ? { classWeights: weights } : {});
  }
  return (logits, oneHot) =>
    tf.tidy(() => {
      const ofItems = weights && (tf.squeeze(tf.matMul(oneHot, tf.tensor2d(weights, [weights.length, 1])), [1]) as TensorFlow.Tensor1D); // biome-ignore format: one line
      return binaryCrossEntropy(logits, multiLabelTargets(oneHot, labels), ofItems);
    });
}

/** The inverse of each class's share, to a sum of 1. */
function inverse(counts: readonly number[]): number[] {
  const each = counts.map((count) => 1 / count);
  const sum = each.reduce((total, one) => total + one, 0);
  return each.map((one) => one / sum);
}
