import type { TensorFlow } from "../../tensorflow.js";

/** What a layer's `call` takes; `model.apply(x, options)` hands the options down to every layer. */
export interface CallOptions {
  /** Training mode: statistics of the batch, dropout. A frozen layer stays in evaluation mode. */
  training?: boolean;
  /** `[2]`, int32: where this step's dropout masks come from. See `dropoutSeed`. */
  dropoutSeed?: TensorFlow.Tensor1D;
}

export type Input = TensorFlow.Tensor | TensorFlow.Tensor[];

/** The one tensor of a layer with one input. */
export function single<T extends TensorFlow.Tensor>(inputs: Input): T {
  return (Array.isArray(inputs) ? inputs[0]! : inputs) as T;
}

/** Throws a RangeError that names the layer unless `shape` is `[batch, ...spatial, channels]` with the axes in `wanted`. */
export function expectAxes(layer: string, shape: readonly (number | null)[], wanted: readonly string[]): void {
  if (shape.length === wanted.length && shape.at(-1)) return;
  throw new RangeError(`${layer}: input must be [${wanted.join(", ")}], got [${shape}]`);
}

/** Throws a RangeError that names the layer unless the last axis is as long as the layer's weights were made for. */
export function expectFeatures(
  layer: string,
  shape: readonly (number | null)[],
  axes: readonly string[],
  count: number,
): void {
  expectAxes(layer, shape, axes);
  if (shape.at(-1) === count) return;
  throw new RangeError(
    `${layer}: input [${shape}] has ${shape.at(-1)} ${axes.at(-1)}, the layer was built for ${count}`,
  );
}

/** Throws a RangeError that names the layer and the option unless each number is an integer of at least `minimum`. */
export function expectWhole(layer: string, option: string, values: number | readonly number[], minimum: number): void {
  const list = typeof values === "number" ? [values] : values;
  if (list.every((value) => Number.isInteger(value) && value >= minimum)) return;
  throw new RangeError(`${layer}: ${option} must be whole numbers of at least ${minimum}, got ${list.join(", ")}`);
}
