import { type TensorFlow, tf } from "../tensorflow.js";
import { type PredictOptions, predict } from "../training/predict.js";
import { UserError } from "../userError.js";
import type { Points } from "./points.js";

export interface EmbeddingsOptions extends Omit<PredictOptions, "classes"> {
  /** The layer whose output is the embedding, flattened, such as "avgpool". */
  layer: string;
}

/**
 * What a layer of a model answers to each of some inputs, in evaluation mode and in batches; the model stays as it is.
 *
 * @throws UserError for a layer that the model does not have
 */
export async function embeddingsOf({ model, layer, ...inputs }: EmbeddingsOptions): Promise<Points> {
  const found = model.layers.find(({ name }) => name === layer);
  if (!found) {
    throw new UserError(`the model has no layer "${layer}"; it has ${model.layers.map(({ name }) => name).join(", ")}`);
  }
  const output = found.output as TensorFlow.SymbolicTensor;
  const size = output.shape.slice(1).reduce<number>((product, side) => product * side!, 1);
  const flat = output.shape.length === 2 ? output : (tf.layers.flatten().apply(output) as TensorFlow.SymbolicTensor);
  // It shares the model's layers, so giving it back would give back theirs.
  const upToLayer = tf.model({ inputs: model.inputs, outputs: flat });
  return { values: await predict({ ...inputs, model: upToLayer, classes: size }), size };
}
