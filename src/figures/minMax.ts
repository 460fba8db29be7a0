/** Lowest and highest sample of each bin: what a waveform looks like at the width of a picture. */
export interface MinMaxBins {
  /** [bins] */
  low: number[];
  /** [bins] */
  high: number[];
  /** Seconds of each bin's middle, [bins]. */
  timesSeconds: number[];
}

/** Min-max of a waveform in at most `bins` equal parts; each part holds at least one sample. `samples`: [samples]. */
export function minMaxBins(samples: ArrayLike<number>, sampleRateHz: number, bins: number): MinMaxBins {
  const count = Math.min(bins, samples.length);
  const result: MinMaxBins = { low: [], high: [], timesSeconds: [] };
  for (let b = 0; b < count; b++) {
    const start = Math.floor((b * samples.length) / count);
    const end = Math.floor(((b + 1) * samples.length) / count);
    let low = samples[start]!;
    let high = low;
    for (let i = start + 1; i < end; i++) {
      if (samples[i]! < low) low = samples[i]!;
      if (samples[i]! > high) high = samples[i]!;
    }
    result.low.push(low);
    result.high.push(high);
    result.timesSeconds.push((start + end - 1) / 2 / sampleRateHz);
  }
  return result;
}
