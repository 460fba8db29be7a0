import { canonicalJson, type Json } from "./canonicalJson.js";

/** A time-frequency map. */
export interface FeatureMap {
  /** [rows, frames, channels], row-major: row r, frame t, channel c at `(r * frames + t) * channels + c`. */
  data: Float32Array;
  /** Bands, coefficients or lines of a picture. */
  rows: number;
  frames: number;
  /** Default 1. */
  channels?: number;
}

/** A way from samples to a map: pure, so that its name and options say everything about what comes out. */
export interface FrontEnd {
  readonly name: string;
  /** Everything that changes the values, as plain data. */
  readonly options: Json;
  /** The rate that `compute` expects. */
  readonly sampleRateHz: number;
  readonly rows: number;
  /** Default 1. */
  readonly channels?: number;
  /** Frames of the map of a clip of so many samples. */
  frames(sampleCount: number): number;
  /**
   * @param samples [samples], at least one, full scale 1
   * @param out takes the map's values where given, exactly as many as it has: big maps are made in half the time where memory
   * is used again
   * @returns the map, in `out` or in an array of its own, which later calls leave alone
   * @throws RangeError for a clip of no samples, for samples that are not finite numbers and for an `out` of another length
   */
  compute(samples: Float32Array, out?: Float32Array): FeatureMap;
}

/** Raised whenever the code of a front end changes the values that the same options give. */
const CODE_VERSION = 2;

/** One text for all that decides a front end's values: equal texts, equal maps. For hashing into a store's key. */
export function digestText(frontEnd: FrontEnd): string {
  const { name, options, sampleRateHz, rows, channels } = frontEnd;
  const depth: Record<string, Json> = channels === undefined || channels === 1 ? {} : { channels };
  return canonicalJson({ codeVersion: CODE_VERSION, name, options, sampleRateHz, rows, ...depth });
}

/** Where a map of so many values goes: see `FrontEnd.compute`. */
export function mapValues(length: number, out?: Float32Array): Float32Array {
  if (out && out.length !== length) {
    throw new RangeError(`the map has ${length} values; the array given for it has ${out.length}`);
  }
  return out ?? new Float32Array(length);
}

/** The shape of a map as an array's: `[rows, frames]`, with several channels `[rows, frames, channels]`. */
export function mapShape({ rows, frames, channels = 1 }: FeatureMap): number[] {
  return channels === 1 ? [rows, frames] : [rows, frames, channels];
}
