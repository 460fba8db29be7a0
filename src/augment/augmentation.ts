import { canonicalJson, type Json } from "../features/canonicalJson.js";
import type { FeatureMap } from "../features/frontEnd.js";
import type { Rng } from "../random/streams.js";

/** Samples in time. */
export interface Clip {
  /** [samples], full scale 1. */
  samples: Float32Array;
  sampleRateHz: number;
}

/**
 * A change at random, in two halves: `draw` decides and `apply` does. Parameters are plain JSON and say places as shares of
 * the input (`placeAt`), so that they can be drawn before its size is known, shared by a batch, logged and replayed.
 */
export interface Augmentation<Input, Parameters extends Json = Json> {
  readonly name: string;
  /** Everything that decides which parameters are drawn and what they do, as plain data. */
  readonly options: Json;
  /** Draws parameters; the same numbers from `rng`, the same parameters. */
  draw(rng: Rng): Parameters;
  /**
   * @returns a new input, or the same one where nothing changes; the given one is left alone
   * @throws RangeError for parameters that cannot have been drawn
   */
  apply(input: Input, parameters: Parameters): Input;
  /** The parameters in words, for a figure or a log. */
  describe(parameters: Parameters): string;
}

/** What is needed to draw, whatever it is applied to. */
export type Drawable<Parameters extends Json> = Pick<Augmentation<unknown, Parameters>, "name" | "options" | "draw">;

export type ClipAugmentation<Parameters extends Json = Json> = Augmentation<Clip, Parameters>;
export type MapAugmentation<Parameters extends Json = Json> = Augmentation<FeatureMap, Parameters>;

/** Raised whenever the code of an augmentation changes what the same parameters do. */
const CODE_VERSION = 1;

/** One text for all that decides what comes out, but for the draws: equal texts and equal parameters, equal results. */
export function augmentationDigestText({ name, options }: { name: string; options: Json }): string {
  return canonicalJson({ codeVersion: CODE_VERSION, name, options });
}
