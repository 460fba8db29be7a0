import type { FeatureMap } from "../../src/features/frontEnd.js";
import { lcg } from "./madeUp.js";

export function made(rows: number, frames: number, channels: number): FeatureMap {
  return { data: Float32Array.from(lcg(rows * frames * channels, 9)), rows, frames, channels };
}
export const at = (map: FeatureMap, row: number, frame: number, channel = 0) =>
  map.data[(row * map.frames + frame) * (map.channels ?? 1) + channel]!;
/** Mean of a channel by another way than the library's: a sum over columns. */
export function meanOf(map: FeatureMap, channel: number): number {
  let sum = 0;
  for (let t = 0; t < map.frames; t++) for (let r = 0; r < map.rows; r++) sum += at(map, r, t, channel);
  return sum / (map.rows * map.frames);
}
/** Rows or frames in which every cell of a channel is another than before. */
export function masked(before: FeatureMap, after: FeatureMap, axis: "rows" | "frames", channel: number): number[] {
  const changed = (row: number, frame: number) => at(before, row, frame, channel) !== at(after, row, frame, channel);
  const across = axis === "rows" ? before.frames : before.rows;
  const found: number[] = [];
  for (let i = 0; i < (axis === "rows" ? before.rows : before.frames); i++) {
    const cells = Array.from({ length: across }, (_, j) => (axis === "rows" ? changed(i, j) : changed(j, i)));
    if (cells.every(Boolean)) found.push(i);
  }
  return found;
}
