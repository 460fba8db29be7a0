import { decibelTable, mapVectors } from "./mapVectors.js";
import { DB_PER_NEPER, DB_PER_OCTAVE, DECIBEL_TABLE_BITS } from "./wasm/mapKernel.js";

export interface DecibelOptions {
  /** 0 dB is this power, or the map's own maximum. */
  reference: number | "max";
  /** Power below this counts as this. */
  floor: number;
  /** Nothing is further below the map's maximum than this; `null` for no limit. */
  rangeDb: number | null;
}

/** The smallest normal number of single precision. */
const SMALLEST = 2 ** -126;

/**
 * Power to decibels in place, 10 log10(max(power, floor) / reference), then clipped from below at the maximum less
 * `rangeDb`: librosa's `power_to_db`.
 *
 * @param power any shape, as one map: the maximum is that of the whole array
 * @throws RangeError unless the floor is a normal number of single precision, the reference positive and the range not below 0
 */
export function powerToDecibel(power: Float32Array, { reference, floor, rangeDb }: DecibelOptions): void {
  if (!(floor >= SMALLEST)) throw new RangeError(`powerToDecibel: floor must be ${SMALLEST} or more, got ${floor}`);
  if (reference !== "max" && !(reference > 0)) {
    throw new RangeError(`powerToDecibel: reference must be positive or "max", got ${reference}`);
  }
  if (rangeDb !== null && !(rangeDb >= 0))
    throw new RangeError(`powerToDecibel: rangeDb must not be below 0: ${rangeDb}`);
  const vectors = mapVectors();
  const lowestPower = Math.fround(floor);
  let maximum = lowestPower;
  if (vectors) [, maximum] = vectors.extremes(power, lowestPower, lowestPower);
  else for (let i = 0; i < power.length; i++) if (power[i]! > maximum) maximum = power[i]!;
  const referenceDb = reference === "max" ? decibelOf(bitsOf(maximum)) : 10 * Math.log10(Math.max(floor, reference));
  const lowest = rangeDb === null ? Number.NEGATIVE_INFINITY : decibelOf(bitsOf(maximum)) - referenceDb - rangeDb;
  if (vectors) {
    vectors.decibels(power, lowestPower, referenceDb, lowest);
    return;
  }
  const bits = new Int32Array(power.buffer, power.byteOffset, power.length);
  for (let i = 0; i < power.length; i++) {
    if (!(power[i]! > lowestPower)) power[i] = lowestPower;
    const db = decibelOf(bits[i]!) - referenceDb;
    power[i] = db > lowest ? db : lowest;
  }
}

const PLACES = 1 << DECIBEL_TABLE_BITS;
const table = decibelTable();

/**
 * 10 log10 of a normal positive number of single precision, from its bits: exponent, a table for the first bits of the mantissa
 * and a series for the rest, of which the first term left out is below 1e-12. `Math.log10` takes six times as long.
 */
function decibelOf(word: number): number {
  const place = (word >>> (23 - DECIBEL_TABLE_BITS)) & (PLACES - 1);
  const rest = (1 + (word & 0x7fffff) * 2 ** -23) * table[2 * place]! - 1;
  const series = rest - rest * rest * (0.5 - rest / 3);
  return ((word >>> 23) - 127) * DB_PER_OCTAVE + table[2 * place + 1]! + series * DB_PER_NEPER;
}

function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!;
}
