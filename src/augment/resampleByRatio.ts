import { kaiserHalfLength, kaiserSinc } from "../audio/kaiser.js";
import { RESAMPLE_FILTERS } from "../audio/resample.js";

/** The filter of `resample`'s quality `high`, which is soxr's HQ: at rates of 1, the stop band starts at 0.5. */
const { pass, attenuationDb } = RESAMPLE_FILTERS.high;
const CUTOFF = (1 + pass) / 4;
/** Half its length, in samples of the lower rate. */
const HALF = kaiserHalfLength(attenuationDb, (1 - pass) / 2);
/** Between so many places a sample the filter is interpolated: an error of (pi / 512)^2 / 8, 106 dB down. */
const PLACES = 512;

/**
 * Samples at a rate that is any number of times the old one: a Kaiser-windowed sinc, read from one table at any place (Smith,
 * "Digital audio resampling"). For ratios drawn at random, where `audio/resample` would make a filter for each.
 *
 * @param samples [samples]; zeros stand around them
 * @param ratio new rate over old
 * @returns [ceil(samples * ratio)]; output j is the signal at j / ratio
 * @throws RangeError unless `ratio` is from 0.01 to 100
 */
export function resampleByRatio(samples: Float32Array, ratio: number): Float32Array {
  if (!(ratio >= 0.01 && ratio <= 100))
    throw new RangeError(`resampleByRatio: ratio must be from 0.01 to 100, got ${ratio}`);
  if (ratio === 1) return samples.slice();
  const scale = Math.min(1, ratio);
  const side = Math.ceil(HALF / scale);
  const taps = 2 * side;
  const rows = filterRows(scale, side);
  const padded = new Float64Array(samples.length + 2 * taps);
  padded.set(samples, side);
  const out = new Float32Array(Math.ceil(samples.length * ratio));
  for (let j = 0; j < out.length; j++) {
    const centre = j / ratio;
    const whole = Math.floor(centre);
    const place = (centre - whole) * PLACES;
    let row = Math.floor(place) * taps;
    let before = 0;
    let after = 0;
    // Tap i stands on sample whole + 1 - side + i.
    for (let i = whole + 1, end = i + taps; i < end; i++, row++) {
      before += padded[i]! * rows[row]!;
      after += padded[i]! * rows[row + taps]!;
    }
    out[j] = before + (place - Math.floor(place)) * (after - before);
  }
  return out;
}

/** The filter at every place between two samples, one row of taps for each, the last one a whole sample on. */
function filterRows(scale: number, side: number): Float64Array {
  const filter = table();
  const taps = 2 * side;
  const rows = new Float64Array((PLACES + 1) * taps);
  for (let row = 0, at = 0; row <= PLACES; row++) {
    for (let tap = 0; tap < taps; tap++, at++) {
      const place = Math.abs(row - (tap + 1 - side) * PLACES) * scale;
      const whole = Math.floor(place);
      if (whole > HALF * PLACES) continue;
      rows[at] = scale * (filter[whole]! + (place - whole) * (filter[whole + 1]! - filter[whole]!));
    }
  }
  return rows;
}

let made: Float64Array | undefined;
function table(): Float64Array {
  const filter = kaiserSinc(CUTOFF, HALF, attenuationDb);
  made ??= Float64Array.from({ length: HALF * PLACES + 2 }, (_, i) => filter(i / PLACES));
  return made;
}
