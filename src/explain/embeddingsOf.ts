import { type TensorFlow, tf } from "../tensorflow.js";
import { type PredictOptions, predict } from "../training/predict.js";
import { UserError } from "../userError.js";
import type { Points } from "./points.js";

export interface LayersOptions extends Omit<PredictOptions, "classes"> {
  /** The layers whose outputs are wanted, each flattened, such as "avgpool". */
  layers: readonly string[];
}

/**
 * What layers of a model answer to each of some inputs, in evaluation mode, in batches and in one pass; the model stays as it is.
 *
 * @returns one for each layer
 * @throws UserError for a layer that the model does not have
 */
export async function layersOf({ model, layers, ...inputs }: LayersOptions): Promise<Points[]> {
  const outputs = layers.map((layer) => flatOutput(model, layer));
  const sizes = outputs.map(({ shape }) => shape[1]!);
  const together = outputs.length === 1 ? outputs[0]! : (tf.layers.concatenate().apply(outputs) as (typeof outputs)[0]);
  // It shares the model's layers, so giving it back would give back theirs.
  const upToLayers = tf.model({ inputs: model.inputs, outputs: together! });
  const classes = sizes.reduce((sum, size) => sum + size, 0);
  const values = await predict({ ...inputs, model: upToLayers, classes }); // [count, classes]
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  return sizes.map((size, i) => ({ values: columns(values, classes, starts[i]!, size), size }));
}

export interface EmbeddingsOptions extends Omit<LayersOptions, "layers"> {
  /** The layer whose output is the embedding, flattened. */
  layer: string;
}

/** What `layersOf` gives, of one layer. */
export async function embeddingsOf({ layer, ...options }: EmbeddingsOptions): Promise<Points> {
  const [points] = await layersOf({ ...options, layers: [layer] });
  return points!;
}

function flatOutput(model: TensorFlow.LayersModel, layer: string): TensorFlow.SymbolicTensor {
  const found = model.layers.find(({ name }) => name === layer);
  if (!found) {
    throw new UserError(`the model has no layer "${layer}"; it has ${model.layers.map(({ name }) => name).join(", ")}`);
  }
  const output = found.output as TensorFlow.SymbolicTensor;
  return output.shape.length === 2 ? output : (tf.layers.flatten().apply(output) as TensorFlow.SymbolicTensor);
}

/** @param values `[rows, width]` */
function columns(values: Float32Array, width: number, start: number, size: number): Float32Array {
  if (size === width) return values;
  const taken = new Float32Array((values.length / width) * size);
  for (let row = 0; row * width < values.length; row++)
    taken.set(values.subarray(row * width + start, row * width + start + size), row * size);
  return taken;
}
