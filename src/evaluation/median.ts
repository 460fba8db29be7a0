/** Middle value (mean of the two middle ones for an even count); NaN for an empty list or if any value is NaN. */
export function median(values: readonly number[]): number {
  if (values.length === 0 || values.some(Number.isNaN)) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What the last epochs of a run say about a metric. */
export interface LastEpochs {
  median: number;
  mean: number;
  /** Standard deviation by count - 1; absent for a single epoch. */
  deviation?: number;
  low: number;
  high: number;
  /** How many epochs these are. */
  epochs: number;
}

/**
 * Median, mean, deviation and range over the last tenth of the epochs (rounded up, at least one): a single epoch is mostly noise.
 * @param perEpoch the metric of each epoch in order; throws RangeError for an empty list
 */
export function lastTenth(perEpoch: readonly number[]): LastEpochs {
  if (perEpoch.length === 0) throw new RangeError("no epochs to take the last tenth of");
  const epochs = Math.ceil(perEpoch.length / 10);
  const last = perEpoch.slice(-epochs);
  const mean = last.reduce((sum, value) => sum + value, 0) / epochs;
  const squares = last.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    median: median(last),
    mean,
    ...(epochs > 1 && { deviation: Math.sqrt(squares / (epochs - 1)) }),
    low: Math.min(...last),
    high: Math.max(...last),
    epochs,
  };
}
