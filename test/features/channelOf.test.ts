import { expect, test } from "vitest";
import { channelOf } from "../../src/features/channelOf.js";

test("takes every third value of three channels, and leaves a map of one channel alone", () => {
  const map = { data: Float32Array.of(1, 10, 100, 2, 20, 200), rows: 1, frames: 2, channels: 3 };
  expect(channelOf(map, 1)).toEqual({ data: Float32Array.of(10, 20), rows: 1, frames: 2 });
  const single = { data: Float32Array.of(1, 2), rows: 2, frames: 1 };
  expect(channelOf(single, 0)).toBe(single);
  for (const none of [3, -1, 0.5]) expect(() => channelOf(map, none)).toThrow(/no channel .* in a map of 3/);
});
