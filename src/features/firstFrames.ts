import type { FeatureMap } from "./frontEnd.js";

/** The first `count` frames of a map, all of them where it has fewer; values are copied. */
export function firstFrames({ data, rows, frames, channels = 1 }: FeatureMap, count: number): FeatureMap {
  const kept = Math.min(count, frames);
  const part = new Float32Array(rows * kept * channels);
  for (let row = 0; row < rows; row++) {
    const start = row * frames * channels;
    part.set(data.subarray(start, start + kept * channels), row * kept * channels);
  }
  return { data: part, rows, frames: kept, ...(channels > 1 && { channels }) };
}
