/**
 * Columns as rows.
 *
 * @param levels [frames, stride]
 * @param kept so many of the first columns
 * @param out receives [kept, frames], row r at `r * rowStep`
 */
export function transposeInto(
  levels: Float32Array,
  frames: number,
  stride: number,
  kept: number,
  out: Float32Array,
  offset = 0,
  rowStep = frames,
): void {
  // In pieces of a few frames, so that what is read stays near.
  for (let start = 0; start < frames; start += 16) {
    const end = Math.min(frames, start + 16);
    for (let row = 0; row < kept; row++) {
      const to = offset + row * rowStep;
      for (let frame = start, from = start * stride + row; frame < end; frame++, from += stride) {
        out[to + frame] = levels[from]!;
      }
    }
  }
}
