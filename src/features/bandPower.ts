import { type DecibelOptions, powerToDecibel } from "./decibel.js";
import type { FilterBank } from "./filterBank.js";
import { refuseUnlessFinite, total } from "./finite.js";
import type { FeatureMap } from "./frontEnd.js";
import type { Stft } from "./stft.js";

/**
 * From samples to the level in each band of each frame: the loop that all band maps share.
 *
 * @param samples [samples], at least one
 * @param name of the front end, for messages
 * @returns [frames, filters.stride], row-major, in a buffer that the next clip uses again
 * @throws RangeError for no samples and for samples that are not finite numbers
 */
export function bandPower(samples: Float32Array, stft: Stft, filters: FilterBank, name: string): Float32Array {
  const frames = stft.open(samples);
  filters.open(frames);
  for (let frame = 0; frame < frames; frame++) filters.add(stft.power(frame), frame);
  const levels = filters.levels();
  refuseUnlessFinite(name, total(levels), samples);
  return levels;
}

/**
 * Columns as rows.
 *
 * @param levels [frames, stride]
 * @param kept so many of the first columns
 * @param out receives [kept, frames], row r at `r * rowStep`
 */
export function transposeInto(
  levels: Float32Array,
  frames: number,
  stride: number,
  kept: number,
  out: Float32Array,
  offset = 0,
  rowStep = frames,
): void {
  // In pieces of a few frames, so that what is read stays near.
  for (let start = 0; start < frames; start += 16) {
    const end = Math.min(frames, start + 16);
    for (let row = 0; row < kept; row++) {
      const to = offset + row * rowStep;
      for (let frame = start, from = start * stride + row; frame < end; frame++, from += stride) {
        out[to + frame] = levels[from]!;
      }
    }
  }
}

/** The decibels of `bandPower`, lowest band in row 0, [kept, frames]. */
export function bandDecibels(
  samples: Float32Array,
  stft: Stft,
  filters: FilterBank,
  decibel: DecibelOptions,
  kept: number,
  name: string,
): FeatureMap {
  const frames = stft.frames(samples.length);
  const levels = bandPower(samples, stft, filters, name);
  powerToDecibel(levels, decibel);
  const data = new Float32Array(kept * frames);
  transposeInto(levels, frames, filters.stride, kept, data);
  return { data, rows: kept, frames };
}
