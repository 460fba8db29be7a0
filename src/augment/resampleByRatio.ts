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
  const filter = table();
  const scale = Math.min(1, ratio);
  const reach = HALF / scale;
  const out = new Float32Array(Math.ceil(samples.length * ratio));
  for (let j = 0; j < out.length; j++) {
    const centre = j / ratio;
    const first = Math.max(Math.ceil(centre - reach), 0);
    const last = Math.min(Math.floor(centre + reach), samples.length - 1);
    let sum = 0;
    for (let i = first; i <= last; i++) {
      const place = Math.abs(centre - i) * scale * PLACES;
      const whole = Math.floor(place);
      const before = filter[whole]!;
      sum += samples[i]! * (before + (place - whole) * (filter[whole + 1]! - before));
    }
    out[j] = sum * scale;
  }
  return out;
}

let made: Float64Array | undefined;
function table(): Float64Array {
  const filter = kaiserSinc(CUTOFF, HALF, attenuationDb);
  made ??= Float64Array.from({ length: HALF * PLACES + 2 }, (_, i) => filter(i / PLACES));
  return made;
}
