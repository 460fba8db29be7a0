import type { Streams } from "../../random/streams.js";
import { type TensorFlow, tf } from "../../tensorflow.js";

/** How a weight gets its first values. */
export type InitialisationScheme = "zeros" | "ones" | "kaiming-normal-fan-out" | { uniformWithin: number };

export interface InitialisedWeight {
  weight: TensorFlow.LayerVariable;
  scheme: InitialisationScheme;
}

/** A layer that says how its weights start. */
export interface SelfInitialising {
  weightSchemes(): InitialisedWeight[];
}

function isSelfInitialising(layer: unknown): layer is SelfInitialising {
  return typeof (layer as SelfInitialising).weightSchemes === "function";
}

/**
 * Gives every weight of a model its first value from the streams `init/<layer>/<weight>`: the same seed makes the same
 * network, whatever was built before in the process. Layers are counted in the model's order.
 */
export function initialiseWeights(model: TensorFlow.LayersModel, streams: Streams): void {
  model.layers.forEach((layer, layerIndex) => {
    if (!isSelfInitialising(layer)) return;
    layer.weightSchemes().forEach(({ weight, scheme }, weightIndex) => {
      const shape = weight.shape as number[];
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      fill(values, shape, scheme, streams, layerIndex, weightIndex);
      const tensor = tf.tensor(values, shape);
      weight.write(tensor);
      tensor.dispose();
    });
  });
}

function fill(
  values: Float32Array,
  shape: number[],
  scheme: InitialisationScheme,
  streams: Streams,
  layerIndex: number,
  weightIndex: number,
): void {
  if (scheme === "zeros") return;
  if (scheme === "ones") {
    values.fill(1);
    return;
  }
  const rng = streams.stream("init", layerIndex, weightIndex);
  if (scheme === "kaiming-normal-fan-out") {
    // He et al. 2015 (gain sqrt 2), fan-out mode: output channels times receptive field; kernels are [k, k, in, out].
    const [height, width, , out] = shape;
    const deviation = Math.sqrt(2 / (height! * width! * out!));
    for (let i = 0; i < values.length; i++) values[i] = deviation * rng.normal();
    return;
  }
  const bound = scheme.uniformWithin;
  for (let i = 0; i < values.length; i++) values[i] = bound * (2 * rng.uniform() - 1);
}
