/**
 * Refuses a clip whose map came out as something else than numbers.
 *
 * @param name of the front end
 * @param check any number that is finite exactly where all values that were computed are, such as their sum
 * @throws RangeError naming the first sample that is not finite
 */
export function refuseUnlessFinite(name: string, check: number, samples: Float32Array): void {
  if (Number.isFinite(check)) return;
  const bad = samples.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`${name}: sample ${bad} is ${samples[bad]}; samples must be finite numbers`);
  throw new RangeError(`${name}: samples are too large for single precision; full scale is 1`);
}

/** The sum of all values: finite where all of them are and none is out of all proportion. */
export function total(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
