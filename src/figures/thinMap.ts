/** A map of values over rows and frames. */
export interface ValueMap {
  /** [rows, frames], row-major. */
  values: ArrayLike<number>;
  rows: number;
  frames: number;
}

/** Most cells of a map in a figure: half a megabyte of it in a notebook, and about as many as a screen shows. */
const mostCells = 64_000;
const mostRows = 256;

/** The map in blocks of equal size, and how many rows and frames each takes; the last of a row or frame may hold fewer. */
export interface ThinnedMap extends ValueMap {
  values: Float64Array;
  rowBlock: number;
  frameBlock: number;
}

/**
 * A map of at most `most` cells, and of at most 256 rows: each holds the highest, or the mean, of the numbers of its block; NaN where there
 * are none. A smaller map is copied.
 */
export function thinMap(
  { values, rows, frames }: ValueMap,
  by: "highest" | "mean" = "highest",
  most = mostCells,
): ThinnedMap {
  const rowBlock = Math.ceil(rows / mostRows);
  const newRows = Math.ceil(rows / rowBlock);
  const frameBlock = Math.max(1, Math.ceil((frames * newRows) / most));
  const newFrames = Math.ceil(frames / frameBlock);
  const out = new Float64Array(newRows * newFrames).fill(Number.NaN);
  const counts = new Uint32Array(out.length);
  for (let r = 0; r < rows; r++) {
    const row = Math.floor(r / rowBlock) * newFrames;
    for (let f = 0; f < frames; f++) {
      const value = values[r * frames + f]!;
      if (!Number.isFinite(value)) continue;
      const cell = row + Math.floor(f / frameBlock);
      const before = counts[cell] === 0 ? undefined : out[cell]!;
      if (by === "mean") out[cell] = (before ?? 0) + value;
      else out[cell] = before === undefined ? value : Math.max(before, value);
      counts[cell]!++;
    }
  }
  if (by === "mean") for (let i = 0; i < out.length; i++) if (counts[i]! > 1) out[i]! /= counts[i]!;
  return { values: out, rows: newRows, frames: newFrames, rowBlock, frameBlock };
}
