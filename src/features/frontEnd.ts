import { canonicalJson, type Json } from "./canonicalJson.js";

/** A time-frequency map. */
export interface FeatureMap {
  /** [rows, frames], row-major: row r, frame t at `r * frames + t`. */
  data: Float32Array;
  /** Bands or coefficients. */
  rows: number;
  frames: number;
}

/** A way from samples to a map: pure, so that its name and options say everything about what comes out. */
export interface FrontEnd {
  readonly name: string;
  /** Everything that changes the values, as plain data. */
  readonly options: Json;
  /** The rate that `compute` expects. */
  readonly sampleRateHz: number;
  readonly rows: number;
  /** Frames of the map of a clip of so many samples. */
  frames(sampleCount: number): number;
  /**
   * @param samples [samples], at least one, full scale 1
   * @throws RangeError for a clip of no samples
   */
  compute(samples: Float32Array): FeatureMap;
}

/** Raised whenever the code of a front end changes the values that the same options give. */
const CODE_VERSION = 1;

/** One text for all that decides a front end's values: equal texts, equal maps. For hashing into a store's key. */
export function digestText(frontEnd: FrontEnd): string {
  const { name, options, sampleRateHz, rows } = frontEnd;
  return canonicalJson({ codeVersion: CODE_VERSION, name, options, sampleRateHz, rows });
}
