/** How two maps of the same shape differ, value by value, in the unit of the maps. */
export interface MapDifference {
  /** Ours minus theirs, in the order of the maps. */
  values: Float32Array;
  largest: number;
  /** The largest where the values count; 0 where none do. */
  largestCounted: number;
  /** 999 of 1,000 values that count differ by no more than this. */
  quantile999: number;
  /** Share of the values that count, 0 to 1. */
  countedShare: number;
}

/**
 * Ours minus theirs.
 *
 * @param counts 1 where a value counts, else 0; all count unless given
 * @throws RangeError for maps of different lengths and for values that are no numbers
 */
export function mapDifference(ours: Float32Array, theirs: Float32Array, counts?: Uint8Array): MapDifference {
  for (const other of [theirs, ...(counts ? [counts] : [])]) {
    if (other.length !== ours.length) {
      throw new RangeError(`mapDifference: the maps have ${ours.length} and ${other.length} values`);
    }
  }
  const values = ours.map((value, i) => value - theirs[i]!);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`mapDifference: value ${bad} is ${ours[bad]} in ours, ${theirs[bad]} in theirs`);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const counted = (counts ? values.filter((_, i) => counts[i] !== 0) : values.slice()).map(Math.abs).sort();
  return {
    values,
    largest,
    largestCounted: counted[counted.length - 1] ?? 0,
    quantile999: counted[Math.ceil(counted.length * 0.999) - 1] ?? 0,
    countedShare: values.length === 0 ? 0 : counted.length / values.length,
  };
}
