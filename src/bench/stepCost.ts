import { AttentionPool } from "../nn/layers/attentionPool.js";
import { Recurrent } from "../nn/layers/recurrent.js";
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
    const kernels = layer.weights.filter(({ shape }) => shape.length === 4 || shape.length === 2);
    if (kernels.length === 0) continue;
    // Each position of the output takes one product with the kernel; layers over time take one with each of theirs at every place of the input.
    const isOverTime = layer instanceof Recurrent || layer instanceof AttentionPool;
    const sides = (isOverTime ? (layer.input as TensorFlow.SymbolicTensor).shape : layer.outputShape) as (
      | number
      | null
    )[];
    const positions = sides.slice(1, -1).reduce((product: number, size) => product * (size ?? 1), 1);
    const sizes = kernels.map(({ shape }) => shape.reduce((product: number, size) => product * (size ?? 1), 1));
    const products = positions * (isOverTime ? sizes.reduce((sum, size) => sum + size, 0) : sizes[0]!);
    const passes = model.inputs.includes(layer.input as TensorFlow.SymbolicTensor) ? 2 : 3;
    operations += passes * 2 * batchSize * products;
  }
  return operations;
}
