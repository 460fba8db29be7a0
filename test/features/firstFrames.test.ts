import { expect, test } from "vitest";
import { firstFrames } from "../../src/features/firstFrames.js";

test("keeps the beginning of every row with its channels", () => {
  const map = { data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), rows: 2, frames: 3, channels: 2 };
  expect(firstFrames(map, 2)).toEqual({
    data: Float32Array.of(1, 10, 2, 20, 4, 40, 5, 50),
    rows: 2,
    frames: 2,
    channels: 2,
  });
  expect(firstFrames(map, 9)).toEqual(map);
  expect(firstFrames({ data: Float32Array.of(1, 2), rows: 2, frames: 1 }, 0).data.length).toBe(0);
});
