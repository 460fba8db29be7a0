import type { TensorFlow } from "../tensorflow.js";
import { UserError } from "../userError.js";

/**
 * Freezes the layers that `isFrozen` picks by name: their weights are no longer among the trainable ones, so no optimiser holds
 * slots for them, decays or changes them, and they run in evaluation mode (running statistics stand still, nothing is dropped).
 *
 * @throws UserError if no layer with weights is picked, or if none is left to train
 */
export function freeze(model: TensorFlow.LayersModel, isFrozen: (layerName: string) => boolean): void {
  const frozen = model.layers.filter((layer) => isFrozen(layer.name));
  const withWeights = (layers: readonly TensorFlow.layers.Layer[]) =>
    layers.filter(({ weights }) => weights.length > 0);
  const names = (layers: readonly TensorFlow.layers.Layer[]) => withWeights(layers).map(({ name }) => name);
  if (names(frozen).length === 0)
    throw new UserError(`nothing to freeze: the layers with weights are ${names(model.layers).join(", ")}`);
  if (names(frozen).length === names(model.layers).length)
    throw new UserError("every layer with weights is frozen: nothing is left to train");
  for (const layer of frozen) {
    layer.trainable = false;
    evaluateAlways(layer);
  }
}

/** The variables that training may change, in the model's order. */
export function trainableParameters(model: TensorFlow.LayersModel): TensorFlow.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
}

/** For any layer, TensorFlow.js's own included, which look at the mode of the call alone. */
function evaluateAlways(layer: TensorFlow.layers.Layer): void {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, training: false });
}
