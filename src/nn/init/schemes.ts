import type { Rng } from "../../random/streams.js";

const schemeNames = [
  ...(["zeros", "ones", "identity", "torch", "xavier-normal", "xavier-uniform"] as const),
  ...(["kaiming-normal-fan-in", "kaiming-normal-fan-out"] as const),
  ...(["kaiming-uniform-fan-in", "kaiming-uniform-fan-out"] as const),
] as const;

const numbered = ["uniformWithin", "normal", "truncatedNormal"] as const;

/**
 * How a weight gets its first values, by the names of `torch.nn.init`.
 *
 * `kaiming-*`: He et al. 2015, for ReLU (gain sqrt 2). `xavier-*`: Glorot and Bengio 2010, gain 1. `torch`: what PyTorch's own
 * layers start with, uniform within 1 / sqrt(fan-in). `truncatedNormal`: a normal of this deviation, drawn again outside -2 to 2
 * (absolute, as `trunc_normal_` has it). `identity`: ones on the diagonal.
 */
export type InitialisationScheme =
  | (typeof schemeNames)[number]
  | { uniformWithin: number }
  | { normal: number }
  | { truncatedNormal: number };

/** Throws a RangeError that names the layer unless it is a scheme. */
export function expectScheme(layer: string, scheme: InitialisationScheme): void {
  if (typeof scheme === "string") {
    if (schemeNames.includes(scheme)) return;
    throw new RangeError(
      `${layer}: no initialisation is named ${JSON.stringify(scheme)}; there are ${schemeNames.join(", ")}`,
    );
  }
  const sizes = numbered.filter((name) => name in scheme).map((name) => (scheme as Record<string, number>)[name]!);
  if (sizes.length === 1 && sizes[0]! >= 0) return;
  throw new RangeError(`${layer}: an initialisation is a name or one of ${numbered.join(", ")} with its size`);
}

/**
 * Fan-in and fan-out of a weight: the products that each output sums, and the outputs that each input reaches. The last two axes
 * are `[in / groups, out]`, those before are a kernel's taps; as in PyTorch, fan-out is not divided by groups.
 */
export function fans(shape: readonly (number | null)[]): { fanIn: number; fanOut: number } {
  const taps = shape.slice(0, -2).reduce<number>((product, size) => product * size!, 1);
  return { fanIn: taps * (shape.at(-2) ?? 1), fanOut: taps * shape.at(-1)! };
}

/** Fills a weight's values, in their order of storage. */
export function fillByScheme(
  values: Float32Array,
  shape: readonly number[],
  scheme: InitialisationScheme,
  rng: Rng,
): void {
  const draw = drawer(scheme, shape, rng);
  for (let i = 0; i < values.length; i++) values[i] = draw(i);
}

function drawer(scheme: InitialisationScheme, shape: readonly number[], rng: Rng): (index: number) => number {
  const normal = (deviation: number) => () => deviation * rng.normal();
  const uniform = (bound: number) => () => bound * (2 * rng.uniform() - 1);
  if (typeof scheme === "object") {
    if ("uniformWithin" in scheme) return uniform(scheme.uniformWithin);
    if ("normal" in scheme) return normal(scheme.normal);
    return () => truncated(normal(scheme.truncatedNormal), 2);
  }
  const { fanIn, fanOut } = fans(shape);
  switch (scheme) {
    case "zeros":
      return () => 0;
    case "ones":
      return () => 1;
    case "identity":
      return (index) => (Math.floor(index / shape.at(-1)!) % shape.at(-2)! === index % shape.at(-1)! ? 1 : 0);
    case "torch":
      return uniform(1 / Math.sqrt(fanIn));
    case "kaiming-normal-fan-in":
      return normal(Math.sqrt(2 / fanIn));
    case "kaiming-normal-fan-out":
      return normal(Math.sqrt(2 / fanOut));
    case "kaiming-uniform-fan-in":
      return uniform(Math.sqrt(6 / fanIn));
    case "kaiming-uniform-fan-out":
      return uniform(Math.sqrt(6 / fanOut));
    case "xavier-normal":
      return normal(Math.sqrt(2 / (fanIn + fanOut)));
    case "xavier-uniform":
      return uniform(Math.sqrt(6 / (fanIn + fanOut)));
  }
}

function truncated(draw: () => number, bound: number): number {
  for (;;) {
    const value = draw();
    if (Math.abs(value) <= bound) return value;
  }
}
