import { mapVectors } from "./mapVectors.js";

/**
 * (x - min) / (max - min) - 0.5, so that a clip spans exactly -0.5 to 0.5. A constant clip becomes zeros.
 * Each step is rounded to single precision, as NumPy does for float32: bands 80 dB down would show the difference.
 *
 * @param samples [samples]
 * @returns [samples], a new array
 */
export function minMaxToHalf(samples: Float32Array): Float32Array {
  const vectors = mapVectors();
  const [minimum, maximum] = vectors
    ? vectors.extremes(samples, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    : extremes(samples);
  const out = new Float32Array(samples.length);
  const range = Math.fround(maximum - minimum);
  if (!(range > 0)) return out;
  if (vectors) vectors.toHalf(samples, minimum, range, out);
  else {
    for (let i = 0; i < samples.length; i++) {
      out[i] = Math.fround(Math.fround(samples[i]! - minimum) / range) - 0.5;
    }
  }
  return out;
}

function extremes(values: Float32Array): [number, number] {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return [minimum, maximum];
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
  const vectors = mapVectors();
  if (vectors) vectors.standardise(map, mean, deviation);
  else for (let i = 0; i < map.length; i++) map[i] = (map[i]! - mean) / deviation;
}

/**
 * Each row to mean 0 and deviation 1, in place: (x - mean) / (deviation + epsilon), where the deviation divides by the count
 * less one, as torch's does.
 *
 * @param map [rows, frames]
 * @param epsilon keeps rows that do not change at 0; default 1e-6 (papers.md, decision 23)
 */
export function zScoreRows(map: Float32Array, rows: number, epsilon = 1e-6): void {
  const frames = map.length / rows;
  for (let start = 0; start < map.length; start += frames) {
    const end = start + frames;
    let sum = 0;
    for (let i = start; i < end; i++) sum += map[i]!;
    const mean = sum / frames;
    let squares = 0;
    for (let i = start; i < end; i++) squares += (map[i]! - mean) * (map[i]! - mean);
    const deviation = Math.sqrt(squares / Math.max(1, frames - 1));
    const scale = 1 / (deviation + epsilon);
    for (let i = start; i < end; i++) map[i] = (map[i]! - mean) * scale;
  }
}

/** What a whole data set's maps are standardised with: one number for each channel. */
export type Standard = {
  mean: readonly number[];
  deviation: readonly number[];
};

/**
 * (x - mean) / deviation for each channel, in place, with the figures of a data set.
 *
 * @param map any shape whose last axis is the channel
 * @throws RangeError unless there are as many means as deviations, all finite, and the deviations are positive
 */
export function standardise(map: Float32Array, { mean, deviation }: Standard): void {
  const channels = mean.length;
  if (channels === 0 || deviation.length !== channels || map.length % channels !== 0) {
    throw new RangeError(
      `standardise: ${mean.length} means and ${deviation.length} deviations do not fit a map of ${map.length} values`,
    );
  }
  if (![...mean, ...deviation].every(Number.isFinite) || deviation.some((value) => value <= 0)) {
    throw new RangeError("standardise: means must be finite and deviations positive");
  }
  for (let channel = 0; channel < channels; channel++) {
    const shift = mean[channel]!;
    const scale = 1 / deviation[channel]!;
    for (let i = channel; i < map.length; i += channels) map[i] = (map[i]! - shift) * scale;
  }
}

/** Gathers mean and deviation of each channel over the maps of a data set (training examples only), one map at a time. */
export class StandardMeter {
  private readonly channels: number;
  private readonly count: number[];
  private readonly mean: number[];
  private readonly squares: number[];

  /** @param channels of the maps */
  constructor(channels = 1) {
    this.channels = channels;
    this.count = new Array<number>(channels).fill(0);
    this.mean = new Array<number>(channels).fill(0);
    this.squares = new Array<number>(channels).fill(0);
  }

  /** @param map any shape whose last axis is the channel */
  add(map: Float32Array): void {
    for (let channel = 0; channel < this.channels; channel++) {
      const count = map.length / this.channels;
      let sum = 0;
      for (let i = channel; i < map.length; i += this.channels) sum += map[i]!;
      const mean = sum / count;
      let squares = 0;
      for (let i = channel; i < map.length; i += this.channels) squares += (map[i]! - mean) ** 2;
      // Two sets' moments from each one's (Chan, Golub and LeVeque, 1979).
      const before = this.count[channel]!;
      const all = before + count;
      const gap = mean - this.mean[channel]!;
      this.mean[channel]! += (gap * count) / all;
      this.squares[channel]! += squares + (gap * gap * before * count) / all;
      this.count[channel] = all;
    }
  }

  /** @throws RangeError before the first map */
  result(): Standard {
    if (!(this.count[0]! > 0)) throw new RangeError("StandardMeter: no map was added");
    return {
      mean: [...this.mean],
      deviation: this.squares.map((squares, channel) => Math.sqrt(squares / this.count[channel]!)),
    };
  }
}
