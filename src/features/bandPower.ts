import { type DecibelOptions, powerToDecibel } from "./decibel.js";
import type { FilterBank } from "./filterBank.js";
import { refuseUnlessFinite } from "./finite.js";
import { type FeatureMap, mapValues } from "./frontEnd.js";
import type { Stft } from "./stft.js";

/** Levels of a clip, [bands, stride], in a buffer that the next clip uses again. */
export interface BandLevels {
  values: Float32Array;
  frames: number;
  /** Values from one band to the next; what lies behind a band's frames is 0. */
  stride: number;
}

/**
 * From samples to the level in each band of each frame: the loop that all band maps share.
 *
 * @param samples [samples], at least one
 * @param name of the front end, for messages
 * @throws RangeError for no samples and for samples that are not finite numbers
 */
export function bandPower(samples: Float32Array, stft: Stft, filters: FilterBank, name: string): BandLevels {
  const frames = stft.open(samples);
  const stride = filters.open(frames);
  for (let frame = 0; frame < frames; frame++) filters.add(stft.power(frame, filters.usedBins), frame);
  const values = filters.levels();
  refuseUnlessFinite(name, values, samples);
  return { values, frames, stride };
}

/** The decibels of `bandPower`, lowest band in row 0, [kept, frames]. */
export function bandDecibels(
  samples: Float32Array,
  stft: Stft,
  filters: FilterBank,
  decibel: DecibelOptions,
  kept: number,
  name: string,
  out?: Float32Array,
): FeatureMap {
  const { values, frames, stride } = bandPower(samples, stft, filters, name);
  powerToDecibel(values, decibel);
  const data = mapValues(kept * frames, out);
  if (stride === frames) data.set(values.subarray(0, data.length));
  else
    for (let row = 0; row < kept; row++) data.set(values.subarray(row * stride, row * stride + frames), row * frames);
  return { data, rows: kept, frames };
}
