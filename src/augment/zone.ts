import { placeAt } from "./range.js";

/** The part of a clip that is changed, from and to as shares of its length. */
export type Zone = readonly [from: number, to: number];

/** nlpaug's default: the first and the last fifth stay as they are (papers.md 6.7). */
export const MIDDLE: Zone = [0.2, 0.8];
export const WHOLE: Zone = [0, 1];

/** @throws RangeError unless 0 <= from <= to <= 1 */
export function checkZone(what: string, zone: Zone): void {
  const [from, to] = zone;
  if (zone.length !== 2 || !(from >= 0 && from <= to && to <= 1))
    throw new RangeError(`${what} must be [from, to] with 0 <= from <= to <= 1, got [${zone.join(", ")}]`);
}

/** First sample of the zone, and the one after its last. */
export function zoneBounds([from, to]: Zone, sampleCount: number): [start: number, end: number] {
  return [Math.trunc(sampleCount * from), Math.trunc(sampleCount * to)];
}

/**
 * A part of the zone, `coverage` of it long, at one of the places it has there; the whole zone where coverage is 1.
 *
 * @param place as `placeAt` takes it
 */
export function partOfZone(
  zone: Zone,
  coverage: number,
  place: number,
  sampleCount: number,
): [start: number, end: number] {
  const [start, end] = zoneBounds(zone, sampleCount);
  const length = Math.trunc((end - start) * coverage);
  const first = start + placeAt(place, end - start - length + 1);
  return [first, first + length];
}

/** The clip with `middle` in place of the samples from `start` to `end`; the result may have another length. */
export function splice(samples: Float32Array, start: number, end: number, middle: ArrayLike<number>): Float32Array {
  const out = new Float32Array(samples.length - (end - start) + middle.length);
  out.set(samples.subarray(0, start));
  out.set(middle, start);
  out.set(samples.subarray(end), start + middle.length);
  return out;
}

/** "from 20 % to 80 %", or nothing for a whole clip. */
export function zoneWords([from, to]: Zone): string {
  return from === 0 && to === 1 ? "" : ` from ${percent(from)} to ${percent(to)}`;
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
