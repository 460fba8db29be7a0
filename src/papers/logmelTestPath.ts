import { resamplerName } from "../audio/resample.js";
import { BANDS, FRAMES } from "../datasets/icbhiLogmel/format.js";
import { clipMap, logmelFrontEnd, RECIPE_TEXT } from "../datasets/icbhiLogmel/recipe.js";
import { canonicalJson, type Json } from "../features/canonicalJson.js";
import { requireClip, type TestPath } from "./testPath.js";

/** `[rows, frames, channels]` of a stored map. */
export const STORED_MAP: readonly [number, number, number] = [BANDS, FRAMES, 1];

export interface LogmelTestPath {
  recipe: string;
  /** What is done to a stored map, as plain data. */
  steps: Json;
  /**
   * From a stored map to the network's input of the same size.
   *
   * @param bytes [90, 173] as `byteOfDecibel` makes them
   * @param out receives as many values from `offset`
   */
  write(bytes: Uint8Array, out: Float32Array, offset: number): void;
  /** Unless said, of the stored maps and the steps. */
  digest?: string;
  parameters?: Json;
}

/** Everything that decides an input that is made of stored maps, as text. */
export function logmelText(steps: Json): string {
  return canonicalJson({ maps: RECIPE_TEXT, steps });
}

/** From a clip to a network's input, with the map that would be stored of it in icbhi-logmel. */
export function logmelTestPath({ recipe, steps, write, digest, parameters }: LogmelTestPath): TestPath {
  return {
    ...{ recipe, steps, digest: digest ?? logmelText(steps), keeps: "start" },
    frontEnd: logmelFrontEnd,
    resampler: resamplerName("high"),
    ...(parameters !== undefined && { parameters }),
    maps(samples, sampleRateHz) {
      requireClip(recipe, samples);
      const data = new Float32Array(BANDS * FRAMES);
      write(clipMap(samples, sampleRateHz), data, 0);
      return [{ data, rows: BANDS, frames: FRAMES }];
    },
  };
}
