import type { Rng } from "../random/streams.js";

/** Lowest and highest value of a uniform draw; two equal ones pin it. */
export type Range = readonly [minimum: number, maximum: number];

/** A number of the range, all equally likely; the only one where both ends are equal. */
export function drawUniform(rng: Rng, [minimum, maximum]: Range): number {
  return minimum + (maximum - minimum) * rng.uniform();
}

/**
 * @param above the ends must be greater than this
 * @throws RangeError for a range that ends before it starts, is not finite or reaches too low
 */
export function checkRange(what: string, range: Range, above = Number.NEGATIVE_INFINITY): void {
  const [minimum, maximum] = range;
  if (range.length !== 2 || !Number.isFinite(minimum) || !Number.isFinite(maximum) || minimum > maximum)
    throw new RangeError(`${what} must be [lowest, highest], two finite numbers in order, got [${range.join(", ")}]`);
  if (minimum <= above) throw new RangeError(`${what} must be above ${above}, got [${range.join(", ")}]`);
}

/** @throws RangeError unless `value` is a share, from 0 to 1 */
export function checkShare(what: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${what} must be from 0 to 1, got ${value}`);
}

/** @throws RangeError unless `value` is a finite number above `above` */
export function checkNumber(what: string, value: number, above = Number.NEGATIVE_INFINITY): void {
  if (!Number.isFinite(value)) throw new RangeError(`${what} must be a finite number, got ${value}`);
  if (value <= above) throw new RangeError(`${what} must be above ${above}, got ${value}`);
}

/**
 * One of `places` places, all equally likely for a share drawn by `rng.uniform()`.
 *
 * @param share from 0 to 1
 * @returns an integer from 0 to places - 1
 */
export function placeAt(share: number, places: number): number {
  checkShare("place", share);
  return Math.min(Math.floor(share * places), places - 1);
}
