import { areFinite } from "../audio/pcmVectors.js";

/**
 * Refuses a clip whose map came out as something else than numbers.
 *
 * @param name of the front end
 * @param computed all values that were computed
 * @throws RangeError naming the first sample that is not finite
 */
export function refuseUnlessFinite(name: string, computed: Float32Array, samples: Float32Array): void {
  if (areFinite(computed)) return;
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`${name}: sample ${bad} is ${samples[bad]}; samples must be finite numbers`);
  throw new RangeError(`${name}: samples are too large for single precision; full scale is 1`);
}
