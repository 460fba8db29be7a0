export interface DecibelOptions {
  /** 0 dB is this power, or the map's own maximum. */
  reference: number | "max";
  /** Power below this counts as this. */
  floor: number;
  /** Nothing is further below the map's maximum than this; `null` for no limit. */
  rangeDb: number | null;
}

/**
 * Power to decibels in place, 10 log10(max(power, floor) / reference), then clipped from below at the maximum less
 * `rangeDb`: librosa's `power_to_db`.
 *
 * @param power any shape, as one map: the maximum is that of the whole array
 * @throws RangeError unless floor and reference are positive
 */
export function powerToDecibel(power: Float64Array, { reference, floor, rangeDb }: DecibelOptions): void {
  if (!(floor > 0)) throw new RangeError(`powerToDecibel: floor must be positive, got ${floor}`);
  if (reference !== "max" && !(reference > 0)) {
    throw new RangeError(`powerToDecibel: reference must be positive or "max", got ${reference}`);
  }
  if (rangeDb !== null && !(rangeDb >= 0))
    throw new RangeError(`powerToDecibel: rangeDb must not be below 0: ${rangeDb}`);
  let maximum = floor;
  for (let i = 0; i < power.length; i++) if (power[i]! > maximum) maximum = power[i]!;
  const referenceDb = 10 * Math.log10(Math.max(floor, reference === "max" ? maximum : reference));
  const lowest = rangeDb === null ? Number.NEGATIVE_INFINITY : 10 * Math.log10(maximum) - referenceDb - rangeDb;
  for (let i = 0; i < power.length; i++) {
    power[i] = Math.max(10 * Math.log10(Math.max(power[i]!, floor)) - referenceDb, lowest);
  }
}
