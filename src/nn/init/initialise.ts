import type { Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";
import { fans, fillByScheme, type InitialisationScheme } from "./schemes.js";

export type { InitialisationScheme } from "./schemes.js";

export interface InitialisedWeight {
  weight: TensorFlow.LayerVariable;
  scheme: InitialisationScheme;
}

/** A layer that says how its weights start. */
export interface SelfInitialising {
  weightSchemes(): InitialisedWeight[];
}

/** How PyTorch starts the bias that belongs to a kernel or a weight of this shape. */
export function torchBias(weightShape: readonly (number | null)[]): InitialisationScheme {
  return { uniformWithin: 1 / Math.sqrt(fans(weightShape).fanIn) };
}

function isSelfInitialising(layer: unknown): layer is SelfInitialising {
  return typeof (layer as SelfInitialising).weightSchemes === "function";
}

/**
 * Gives every weight of a model its first value from the streams `init/<layer>/<weight>`: the same seed makes the same
 * network, whatever was built before in the process. Layers are counted in the model's order, those of a model within it in its own.
 */
export function initialiseWeights(model: TensorFlow.LayersModel, streams: Streams): void {
  initialise(model, [], streams);
}

function initialise(model: TensorFlow.LayersModel, place: readonly number[], streams: Streams): void {
  model.layers.forEach((layer, layerIndex) => {
    if ("layers" in layer) initialise(layer as TensorFlow.LayersModel, [...place, layerIndex], streams);
    if (!isSelfInitialising(layer)) return;
    layer.weightSchemes().forEach(({ weight, scheme }, weightIndex) => {
      const shape = weight.shape as number[];
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      fillByScheme(values, shape, scheme, streams.stream("init", ...place, layerIndex, weightIndex));
      const tensor = tf.tensor(values, shape);
      weight.write(tensor);
      tensor.dispose();
    });
  });
}
