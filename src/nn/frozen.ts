import type { TensorFlow } from "../tensorflow.js";

type Layer = TensorFlow.layers.Layer;

/** A layer, a model, or several. */
export type Part = Layer | readonly Layer[];

/**
 * Freezes a part: its weights leave `trainableWeights`, and it runs in evaluation mode whatever `training` says, so that batch
 * statistics do not move and dropout is off (papers.md 3.6). A model's own `trainable` reaches weights only, not dropout.
 */
export function freeze(part: Part): void {
  setTrainable(part, false);
}

/** Takes `freeze` back. */
export function unfreeze(part: Part): void {
  setTrainable(part, true);
}

/** Whether a layer was frozen, by `freeze` or through the `trainable` of the model around it. */
export function isFrozen(layer: Layer): boolean {
  const weights = layer as unknown as { _trainableWeights: TensorFlow.LayerVariable[] };
  return !layer.trainable || weights._trainableWeights.some((weight) => !weight.trainable);
}

function setTrainable(part: Part, trainable: boolean): void {
  for (const layer of Array.isArray(part) ? (part as readonly Layer[]) : [part as Layer]) {
    layer.trainable = trainable;
    const { layers } = layer as Partial<TensorFlow.LayersModel>;
    if (layers) setTrainable(layers, trainable);
  }
}
