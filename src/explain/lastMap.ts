import { AdaptiveAvgPool2d, AdaptiveMaxPool2d } from "../nn/layers/adaptivePool2d.js";
import { GroupFrames } from "../nn/layers/groupFrames.js";
import type { TensorFlow } from "../tensorflow.js";
import { sourcesOf } from "./layerGraph.js";

type Symbolic = TensorFlow.SymbolicTensor;
type Layer = TensorFlow.layers.Layer;

/**
 * The last map of a network, which Grad-CAM++ looks at: the tensor nearest to the answer that is `[batch, rows, frames, channels]` with more
 * than one place, one for each item, with the sides in the order of the input's, and that all of the answer comes from. A pool to a fixed number
 * of places belongs to the head. Undefined where there is none.
 */
export function lastMap({ inputs, outputs }: TensorFlow.LayersModel): Symbolic | undefined {
  const [input, answer] = [inputs[0]!, outputs[0]!];
  // A tensor that the answer can be computed without the input from.
  const carriesAll = (tensor: Symbolic) => sourcesOf(answer, tensor).every(({ id }) => id !== input.id);
  return sourcesOf(answer).find((tensor) => isMap(tensor) && carriesAll(tensor));
}

/** Layers that are computed after a tensor, on the way to the answer. */
export function layersBehind({ outputs }: TensorFlow.LayersModel, tensor: Symbolic): Layer[] {
  return layersOf(sourcesOf(outputs[0]!, tensor));
}

const layersOf = (tensors: readonly Symbolic[]) => [...new Set(tensors.map(({ sourceLayer }) => sourceLayer))];

function isMap(tensor: Symbolic): boolean {
  const [, rows, frames, channels] = tensor.shape;
  if (tensor.shape.length !== 4 || !rows || !frames || !channels || rows * frames === 1) return false;
  if (tensor.inputs.length === 0 || isOfHead(tensor.sourceLayer)) return false;
  const layers = layersOf(sourcesOf(tensor));
  return !layers.some((layer) => layer instanceof GroupFrames) && hasSidesOfInput(layers);
}

const isOfHead = (layer: Layer) => layer instanceof AdaptiveAvgPool2d || layer instanceof AdaptiveMaxPool2d;

/** Layers that exchange rows and frames come in twos. */
function hasSidesOfInput(layers: readonly Layer[]): boolean {
  const orders = layers
    .filter((layer) => layer.getClassName() === "Permute")
    .map((layer) => String((layer.getConfig() as { dims?: readonly number[] }).dims));
  return orders.every((dims) => dims === "2,1,3") && orders.length % 2 === 0;
}
