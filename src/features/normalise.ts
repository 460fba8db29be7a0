/**
 * (x - min) / (max - min) - 0.5, so that a clip spans exactly -0.5 to 0.5. A constant clip becomes zeros.
 * Each step is rounded to single precision, as NumPy does for float32: bands 80 dB down would show the difference.
 *
 * @param samples [samples]
 * @returns [samples], a new array
 */
export function minMaxToHalf(samples: Float32Array): Float32Array {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const out = new Float32Array(samples.length);
  const range = Math.fround(maximum - minimum);
  if (!(range > 0)) return out;
  for (let i = 0; i < samples.length; i++) {
    out[i] = Math.fround(Math.fround(samples[i]! - minimum) / range) - 0.5;
  }
  return out;
}

/**
 * (x - mean) / standard deviation over the whole map, in place; the deviation divides by the count, as NumPy's does. A
 * map that is constant to single precision becomes zeros.
 *
 * @param map any shape, as one
 */
export function zScore(map: Float32Array): void {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < map.length; i++) {
    sum += map[i]!;
    largest = Math.max(largest, Math.abs(map[i]!));
  }
  const mean = sum / map.length;
  let squares = 0;
  for (let i = 0; i < map.length; i++) squares += (map[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / map.length);
  if (!(deviation > 1e-7 * largest)) {
    map.fill(0);
    return;
  }
  for (let i = 0; i < map.length; i++) map[i] = (map[i]! - mean) / deviation;
}
