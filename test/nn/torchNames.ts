import type { NamedTensor } from "../../src/nn/weights/safetensors.js";

const parts: Record<string, string> = {
  kernel: "weight",
  scale: "weight",
  weight: "weight",
  offset: "bias",
  bias: "bias",
  runningMean: "running_mean",
  runningVariance: "running_var",
};

/** torchvision's name of one of our weights: "layer1.0.conv1/kernel" is "layer1.0.conv1.weight". */
export function torchName(ours: string): string {
  const [layer, part] = ours.split("/") as [string, string];
  return `${layer}.${parts[part]}`;
}

/** PyTorch's shape of one of our weights: kernels are [out, in, k, k] there and [k, k, in, out] here. */
export function torchShape([...shape]: number[]): number[] {
  if (shape.length === 4) return [shape[3]!, shape[2]!, shape[0]!, shape[1]!];
  return shape.reverse();
}

/** Values in PyTorch's order, laid out as ours. */
export function fromTorch(values: Float32Array, shape: number[]): NamedTensor {
  const out = new Float32Array(values.length);
  if (shape.length === 4) {
    const [height, width, channels, filters] = shape as [number, number, number, number];
    let at = 0;
    for (let f = 0; f < filters; f++)
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) out[((y * width + x) * channels + c) * filters + f] = values[at++]!;
  } else if (shape.length === 2) {
    const [inputs, units] = shape as [number, number];
    for (let u = 0; u < units; u++) for (let i = 0; i < inputs; i++) out[i * units + u] = values[u * inputs + i]!;
  } else {
    out.set(values);
  }
  return { dtype: "F32", shape, values: out };
}

/** In [-1, 1): murmur3's finaliser of seed + index, the same in the snippet for PyTorch. */
export function noise(count: number, seed: number): Float64Array {
  const values = new Float64Array(count);
  const start = Math.imul(seed, 0x9e3779b9);
  for (let i = 0; i < count; i++) {
    let h = (start + i) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h = (h ^ (h >>> 16)) >>> 0;
    values[i] = h / 2 ** 31 - 1;
  }
  return values;
}

/** Weights for a net with torchvision's names: noise by the place of each name among the sorted names, scaled by its kind. */
export function noiseWeights(names: Iterable<[string, NamedTensor]>): Map<string, NamedTensor> {
  const named = [...names].map(([name, { shape }]) => ({ name, shape, torch: torchName(name) }));
  named.sort((a, b) => (a.torch < b.torch ? -1 : 1));
  return new Map(
    named.map(({ name, shape, torch }, seed) => {
      const outside = torchShape(shape);
      const count = shape.reduce((product, side) => product * side, 1);
      const scaled = Float32Array.from(noise(count, seed), (v) => {
        if (outside.length === 4) return v * Math.sqrt(6 / (outside[0]! * outside[2]! * outside[3]!));
        if (outside.length === 2) return v * 0.1;
        if (torch.endsWith("running_var")) return 1 + 0.5 * v;
        return torch.endsWith("weight") ? 1 + 0.2 * v : 0.1 * v;
      });
      return [name, fromTorch(scaled, shape)];
    }),
  );
}
