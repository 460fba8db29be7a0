import type { TensorFlow } from "../tensorflow.js";

/**
 * Floating-point operations of one training step, from convolutions and matrix products alone: two for each multiplication
 * with its addition, once forward and twice backward (gradients of the weights and of the inputs). The model's own inputs need no
 * gradient.
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
    const products = positions * kernel.shape.reduce((product: number, size) => product * (size ?? 1), 1);
    const passes = model.inputs.includes(layer.input as TensorFlow.SymbolicTensor) ? 2 : 3;
    operations += passes * 2 * batchSize * products;
  }
  return operations;
}
