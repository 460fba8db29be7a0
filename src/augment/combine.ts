import type { Json } from "../features/canonicalJson.js";
import type { Rng } from "../random/streams.js";
import type { Augmentation } from "./augmentation.js";
import { checkShare } from "./range.js";

const UNCHANGED = "unchanged";

/** One after the other, each on what the one before gave. */
export function chain<Input>(...parts: readonly Augmentation<Input>[]): Augmentation<Input, Json[]> {
  return {
    name: "chain",
    options: parts.map(({ name, options }) => ({ name, options })),
    draw: (rng) => parts.map((part) => part.draw(rng)),
    apply: (input, parameters) => {
      if (parameters.length !== parts.length)
        throw new RangeError(`chain: parameters for ${parameters.length} augmentations, there are ${parts.length}`);
      return parts.reduce((result, part, i) => part.apply(result, parameters[i]!), input);
    },
    describe: (parameters) => {
      const words = parts.map((part, i) => part.describe(parameters[i]!)).filter((text) => text !== UNCHANGED);
      return words.length === 0 ? UNCHANGED : words.join(", then ");
    },
  };
}

/**
 * With the given probability, otherwise nothing; the parameters of nothing are null.
 *
 * @throws RangeError unless 0 <= probability <= 1
 */
export function sometimes<Input, Parameters extends Json>(
  probability: number,
  augmentation: Augmentation<Input, Parameters>,
): Augmentation<Input, Parameters | null> {
  checkShare("sometimes: probability", probability);
  const { name, options } = augmentation;
  return {
    name: "sometimes",
    options: { probability, of: { name, options } },
    draw: (rng) => (rng.uniform() < probability ? augmentation.draw(rng) : null),
    apply: (input, parameters) => (parameters === null ? input : augmentation.apply(input, parameters)),
    describe: (parameters) => (parameters === null ? UNCHANGED : augmentation.describe(parameters)),
  };
}

/** Which of several, and its parameters. */
export type Choice = { name: string; parameters: Json };

/**
 * One of several, each equally likely.
 *
 * @throws RangeError without any, and where two have one name, which could not be told apart in a log
 */
export function oneOf<Input>(...parts: readonly Augmentation<Input>[]): Augmentation<Input, Choice> {
  const names = parts.map(({ name }) => name);
  if (parts.length === 0) throw new RangeError("oneOf: needs at least one augmentation");
  if (new Set(names).size < names.length) throw new RangeError(`oneOf: names must differ, got ${names.join(", ")}`);
  const named = (name: string) => {
    const part = parts.find((candidate) => candidate.name === name);
    if (!part) throw new RangeError(`oneOf: there is no ${name}, but ${names.join(", ")}`);
    return part;
  };
  return {
    name: "oneOf",
    options: parts.map(({ name, options }) => ({ name, options })),
    draw: (rng: Rng) => {
      const part = parts[rng.integer(parts.length)]!;
      return { name: part.name, parameters: part.draw(rng) };
    },
    apply: (input, { name, parameters }) => named(name).apply(input, parameters),
    describe: ({ name, parameters }) => named(name).describe(parameters),
  };
}
