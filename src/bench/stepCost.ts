import type { TensorFlow } from "../tensorflow.js";

/**
 * Floating-point operations of one training step, from convolutions and matrix products alone: two for each multiplication
 * with its addition, once forward and twice backward (gradients of the weights and of the inputs).
 *
 * @param model layers with a kernel `[height, width, channels, filters]` or `[inputs, outputs]`
 */
export function stepOperations(model: TensorFlow.LayersModel, batchSize: number): number {
  let operations = 0;
  for (const layer of model.layers) {
    const kernel = layer.weights.find(({ shape }) => shape.length === 4 || shape.length === 2);
    if (!kernel) continue;
    const output = layer.outputShape as (number | null)[];
    // Each position of the output takes one product with the kernel.
    const positions = output.slice(1, -1).reduce((product: number, size) => product * (size ?? 1), 1);
    operations += 2 * batchSize * positions * kernel.shape.reduce((product: number, size) => product * (size ?? 1), 1);
  }
  return 3 * operations;
}
