import { JointLogits } from "../../nn/layers/jointLogits.js";
import { SigmoidShares } from "../../nn/layers/sigmoidShares.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { UserError } from "../../userError.js";

/** Outputs of a multi-label network: whether there is crackle, and wheeze; or one for each class, where both is crackle and wheeze too. */
export type LabelOutputs = 2 | 4;

/** What each class of a cycle (normal, crackle, wheeze, both) is to the outputs (papers.md 2.1, decision 25). */
export const TARGETS: Readonly<Record<LabelOutputs, readonly (readonly number[])[]>> = {
  2: [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ],
  4: [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 1, 1, 1],
  ],
};

/**
 * The class of a pair of labels, crackle and wheeze, each 0 or 1: the index among normal, crackle, wheeze, both.
 *
 * @throws UserError for a pair that does not exist
 */
export function classOfPair(crackle: number, wheeze: number): number {
  const found = TARGETS[2].findIndex(([c, w]) => c === crackle && w === wheeze);
  if (found >= 0) return found;
  throw new UserError(
    `labels (${crackle}, ${wheeze}): no such pair; crackle and wheeze are 0 or 1 each: (0, 0) normal, (1, 0) crackle, (0, 1) wheeze, (1, 1) both`,
  );
}

/** Targets of a batch, `[batch, outputs]`, from its classes, one-hot `[batch, 4]`. */
export function multiLabelTargets(oneHot: TensorFlow.Tensor2D, outputs: LabelOutputs): TensorFlow.Tensor2D {
  return tf.tidy(() => tf.matMul(oneHot, tf.tensor2d(TARGETS[outputs].map((row) => [...row]))));
}

/** Name of the layer that makes logits of the four classes. */
export const DECODER = "decoder";

/**
 * What a multi-label network says of the four classes (papers.md 2.1): of two outputs the pair of those above the threshold; of four the
 * one with the largest sigmoid score, where both wins ties with crackle or wheeze.
 *
 * @param threshold of two outputs, between 0 and 1
 * @throws UserError for a threshold that is not, and for one with four outputs, which have none
 */
export function decoded(
  model: TensorFlow.LayersModel,
  outputs: LabelOutputs,
  threshold: number,
): TensorFlow.LayersModel {
  requireThreshold(outputs, threshold);
  const layer =
    outputs === 2
      ? new JointLogits({ threshold, name: DECODER })
      : new SigmoidShares({ winner: 3, over: [1, 2], name: DECODER });
  const logits = layer.apply(model.outputs[0]!) as TensorFlow.SymbolicTensor;
  return tf.model({ inputs: model.inputs, outputs: logits, name: model.name });
}

export function requireThreshold(outputs: LabelOutputs, threshold: number): void {
  if (!(threshold > 0 && threshold < 1))
    throw new UserError(`--set threshold=${threshold}: must be between 0 and 1, both excluded`);
  if (outputs === 4 && threshold !== 0.5)
    throw new UserError(
      `--set threshold=${threshold}: four outputs are decided by the largest score and have no threshold`,
    );
}
