/** Lowest and highest sample of each bin: what a waveform looks like at the width of a picture. */
export interface MinMaxBins {
  /** [bins] */
  low: number[];
  /** [bins] */
  high: number[];
  /** Seconds of each bin's middle, [bins]. */
  timesSeconds: number[];
}

/**
 * Min-max of a waveform in at most `bins` equal parts; each part holds at least one sample; what is no
 * number counts as silence. `samples`: [samples].
 */
export function minMaxBins(samples: ArrayLike<number>, sampleRateHz: number, bins: number): MinMaxBins {
  const count = Math.min(bins, samples.length);
  const result: MinMaxBins = { low: [], high: [], timesSeconds: [] };
  for (let b = 0; b < count; b++) {
    const start = Math.floor((b * samples.length) / count);
    const end = Math.floor(((b + 1) * samples.length) / count);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) {
      const sample = samples[i]!;
      if (!Number.isFinite(sample)) continue;
      if (sample < low) low = sample;
      if (sample > high) high = sample;
    }
    result.low.push(low <= high ? low : 0);
    result.high.push(low <= high ? high : 0);
    result.timesSeconds.push((start + end - 1) / 2 / sampleRateHz);
  }
  return result;
}
