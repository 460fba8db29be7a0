import { compile } from "../engine/compile.js";
import type { TensorFlow } from "../tensorflow.js";
import { FoldedModel } from "./foldedModel.js";

type Tensor = TensorFlow.Tensor;

/** A model in evaluation mode as one captured function, with batch normalisations folded and fused kernels. */
export interface FoldedFunction {
  (inputs: Tensor): Tensor;
  /** Takes over the weights that the model has now. */
  refresh(): void;
  /** The model stays as it is. */
  dispose(): void;
}

/**
 * @param name in messages
 * @param then what is done with the model's answers
 */
export function foldedFunction(
  model: TensorFlow.LayersModel,
  name: string,
  then: (answers: Tensor) => Tensor = (answers) => answers,
): FoldedFunction {
  const folded = new FoldedModel(model, "all");
  const step = compile((inputs: Tensor) => then(folded.apply(inputs)), { name, fused: true });
  const dispose = () => {
    step.dispose();
    folded.dispose();
  };
  return Object.assign((inputs: Tensor) => step(inputs), { refresh: () => folded.refresh(), dispose });
}
