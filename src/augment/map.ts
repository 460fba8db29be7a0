import type { FeatureMap } from "../features/frontEnd.js";

/** The axes of a map: rows are its bands, frames its time. */
export type Axis = "rows" | "frames";

/** Cells along an axis. */
export function axisSize(map: FeatureMap, axis: Axis): number {
  return axis === "rows" ? map.rows : map.frames;
}

/** The same map in memory of its own. Throws RangeError where values and sizes disagree. */
export function copyMap(map: FeatureMap): FeatureMap {
  const { data, rows, frames, channels = 1 } = map;
  if (data.length !== rows * frames * channels)
    throw new RangeError(`a map of ${rows} x ${frames} x ${channels} has ${data.length} values`);
  return { ...map, data: data.slice() };
}

/**
 * Writes one value into all cells from `start` to `end` of an axis, whatever their place on the other.
 *
 * @param channel only this one; null for all
 */
export function fillStripe(
  { data, rows, frames, channels = 1 }: FeatureMap,
  axis: Axis,
  start: number,
  end: number,
  channel: number,
  value: number,
): void {
  const [rowStart, rowEnd] = axis === "rows" ? [start, end] : [0, rows];
  const [frameStart, frameEnd] = axis === "frames" ? [start, end] : [0, frames];
  for (let row = rowStart; row < rowEnd; row++) {
    for (let frame = frameStart; frame < frameEnd; frame++) data[(row * frames + frame) * channels + channel] = value;
  }
}

/** What a masked cell holds: the mean or the least value of its channel in the whole map, before masking; or 0. */
export type Fill = "mean" | "minimum" | "zero";

export function fillValue({ data, channels = 1 }: FeatureMap, channel: number, fill: Fill): number {
  if (fill === "zero") return 0;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = channel; i < data.length; i += channels) {
    sum += data[i]!;
    if (data[i]! < least) least = data[i]!;
  }
  return fill === "mean" ? sum / (data.length / channels) : least;
}

/** Throws RangeError for a word that is no fill. */
export function checkFill(what: string, fill: Fill): void {
  if (!["mean", "minimum", "zero"].includes(fill))
    throw new RangeError(`${what} must be "mean", "minimum" or "zero", got ${JSON.stringify(fill)}`);
}
