import { freeze } from "../nn/frozen.js";
import type { TensorFlow } from "../tensorflow.js";
import { UserError } from "../userError.js";

/**
 * Freezes the layers that `isFrozen` picks by name: they run in evaluation mode, and no optimiser made with `trainableParameters`
 * afterwards holds slots for their weights, decays or changes them.
 *
 * @throws UserError if no layer with weights is picked, or if none is left to train
 */
export function freezeLayers(model: TensorFlow.LayersModel, isFrozen: (layerName: string) => boolean): void {
  const withWeights = model.layers.filter(({ weights }) => weights.length > 0);
  const frozen = withWeights.filter(({ name }) => isFrozen(name));
  if (frozen.length === 0)
    throw new UserError(
      `nothing to freeze: the layers with weights are ${withWeights.map(({ name }) => name).join(", ")}`,
    );
  if (frozen.length === withWeights.length)
    throw new UserError("every layer with weights is frozen: nothing is left to train");
  freeze(model.layers.filter(({ name }) => isFrozen(name)));
}

/** The variables that training may change, in the model's order. */
export function trainableParameters(model: TensorFlow.LayersModel): TensorFlow.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as TensorFlow.Variable);
}
