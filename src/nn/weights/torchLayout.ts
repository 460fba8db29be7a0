import type { NamedTensor } from "./safetensors.js";

/**
 * How PyTorch calls and lays out the weights of a layer of ours. `kernel`: `[out, in, taps...]` there, `[taps..., in, out]` here;
 * `weight` of a linear layer: `[out, in]` there, `[in, out]` here; the others are vectors.
 */
const parts: ReadonlyMap<string, string> = new Map([
  ["kernel", "weight"],
  ["weight", "weight"],
  ["scale", "weight"],
  ["offset", "bias"],
  ["bias", "bias"],
  ["runningMean", "running_mean"],
  ["runningVariance", "running_var"],
]);

/** Layers of ours that a library calls otherwise: the first pattern that fits is replaced, as `String.replace` does it. */
export interface LayerNames {
  /** In words, for messages. */
  library: string;
  layers: readonly (readonly [RegExp, string])[];
}

/** Our ResNets have torchvision's names. */
export const torchvisionResnet: LayerNames = { library: "torchvision's ResNet", layers: [] };

/** PyTorch's name of one of our weights: "layer1.0.conv1/kernel" is "layer1.0.conv1.weight". Throws an Error for a weight that PyTorch's layers lack. */
export function torchName(ours: string, { library, layers }: LayerNames): string {
  const slash = ours.lastIndexOf("/");
  const layer = ours.slice(0, slash);
  const part = parts.get(ours.slice(slash + 1));
  if (part === undefined) throw new Error(`weight ${ours} has no place in ${library}`);
  const renamed = layers.find(([pattern]) => pattern.test(layer));
  return `${renamed ? layer.replace(...(renamed as [RegExp, string])) : layer}.${part}`;
}

/** PyTorch's shape of a weight of ours. */
export function torchShape(ours: readonly number[]): number[] {
  if (ours.length < 2) return [...ours];
  return [ours.at(-1)!, ours.at(-2)!, ...ours.slice(0, -2)];
}

/** A weight of ours as PyTorch lays it out: from `[taps..., in, out]` to `[out, in, taps...]`. */
export function toTorchLayout({ dtype, shape, values }: NamedTensor): NamedTensor {
  if (shape.length < 2) return { dtype, shape: [...shape], values: values.slice() };
  return { dtype, shape: torchShape(shape), values: transposed(values, ...factors(shape), false) };
}

/** The way back. `shape` is ours. */
export function fromTorchLayout({ dtype, values }: NamedTensor, shape: readonly number[]): NamedTensor {
  if (shape.length < 2) return { dtype, shape: [...shape], values: values.slice() };
  return { dtype, shape: [...shape], values: transposed(values, ...factors(shape), true) };
}

/** A model's weights with PyTorch's names and layout. Strictly loaded by its module of the same architecture. */
export function toTorch(tensors: ReadonlyMap<string, NamedTensor>, names: LayerNames): Map<string, NamedTensor> {
  return new Map([...tensors].map(([name, tensor]) => [torchName(name, names), toTorchLayout(tensor)]));
}

function factors(ours: readonly number[]): [taps: number, inputs: number, outputs: number] {
  return [ours.slice(0, -2).reduce((product, side) => product * side, 1), ours.at(-2)!, ours.at(-1)!];
}

const BLOCK = 16;

/** Between `[taps, inputs, outputs]`, ours, and `[outputs, inputs, taps]`. */
function transposed<Values extends NamedTensor["values"]>(
  from: Values,
  taps: number,
  inputs: number,
  outputs: number,
  toOurs: boolean,
): Values {
  const to = from.slice() as Values;
  const perOutput = inputs * taps;
  // Some outputs at a time: one line of the cache of ours.
  for (let first = 0; first < outputs; first += BLOCK) {
    const end = Math.min(outputs, first + BLOCK);
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < taps; tap++) {
        for (let output = first; output < end; output++) {
          const theirs = output * perOutput + input * taps + tap;
          const ours = (tap * inputs + input) * outputs + output;
          if (toOurs) to[ours] = from[theirs]!;
          else to[theirs] = from[ours]!;
        }
      }
    }
  }
  return to;
}
