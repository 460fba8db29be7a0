import { kaiserHalfLength, kaiserSinc } from "../audio/kaiser.js";
import { RESAMPLE_FILTERS } from "../audio/resample.js";
import { placedProducts } from "./placedProducts.js";

/** The filter of `resample`'s quality `high`, which is soxr's HQ: at rates of 1, the stop band starts at 0.5. */
const { pass, attenuationDb } = RESAMPLE_FILTERS.high;
const CUTOFF = (1 + pass) / 4;
/** Half its length, in samples of the lower rate. */
const HALF = kaiserHalfLength(attenuationDb, (1 - pass) / 2);
/** Between so many places a sample the filter is interpolated: an error of (pi / 512)^2 / 8, 106 dB down. */
const PLACES = 512;

/**
 * Samples at a rate that is any number of times the old one: a Kaiser-windowed sinc, read from one table at any place (Smith,
 * "Digital audio resampling"). For ratios drawn at random, where `audio/resample` would make a filter for each. In float32.
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
  const out = new Float32Array(Math.ceil(samples.length * ratio));
  const scale = Math.min(1, ratio);
  const side = Math.ceil(HALF / scale);
  const taps = 2 * side;
  const length = samples.length + 2 * taps;
  // Tap i of an output stands on sample whole + 1 - side + i, which has `side` zeros in front.
  const placeOf = (j: number) => {
    const centre = j / ratio;
    const whole = Math.floor(centre);
    const place = (centre - whole) * PLACES;
    const row = Math.floor(place);
    return [whole + 1, row, place - row] as const;
  };
  const products = placedProducts();
  if (products) {
    const signal = products.open(scale, PLACES + 1, taps, length, (rows, stride) => {
      fillRows(rows, stride, scale, side);
    });
    signal.set(samples, side);
    products.compute(out, placeOf);
    return out;
  }
  const rows = new Float32Array((PLACES + 1) * taps);
  fillRows(rows, taps, scale, side);
  const signal = new Float32Array(length);
  signal.set(samples, side);
  for (let j = 0; j < out.length; j++) {
    const [start, row, share] = placeOf(j);
    let before = 0;
    let after = 0;
    for (let i = start, end = start + taps, at = row * taps; i < end; i++, at++) {
      before += signal[i]! * rows[at]!;
      after += signal[i]! * rows[at + taps]!;
    }
    out[j] = before + share * (after - before);
  }
  return out;
}

/** The filter at every place between two samples, one row of taps for each, the last one a whole sample on. */
function fillRows(rows: Float32Array, stride: number, scale: number, side: number): void {
  const filter = table();
  for (let row = 0; row <= PLACES; row++) {
    for (let tap = 0, at = row * stride; tap < 2 * side; tap++, at++) {
      const place = Math.abs(row - (tap + 1 - side) * PLACES) * scale;
      const whole = Math.floor(place);
      if (whole > HALF * PLACES) continue;
      rows[at] = scale * (filter[whole]! + (place - whole) * (filter[whole + 1]! - filter[whole]!));
    }
  }
}

let made: Float64Array | undefined;
function table(): Float64Array {
  if (!made) {
    const filter = kaiserSinc(CUTOFF, HALF, attenuationDb);
    made = Float64Array.from({ length: HALF * PLACES + 2 }, (_, i) => filter(i / PLACES));
  }
  return made;
}
