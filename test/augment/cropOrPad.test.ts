import { describe, expect, it } from "vitest";
import { applyCropOrPad, centreCropOrPad, cropOrPadFrames, drawCropOrPad } from "../../src/augment/cropOrPad.js";
import { Streams } from "../../src/random/streams.js";

const rows = 2;
const map = Float32Array.of(1, 2, 3, 4, 5, 11, 12, 13, 14, 15); // [2, 5]
function aligned(framesOut: number, offset: number): number[] {
  const out = new Float32Array(rows * framesOut).fill(99);
  applyCropOrPad(map, rows, 5, framesOut, { offset }, out);
  return Array.from(out);
}

describe("applyCropOrPad", () => {
  it("cuts at the start, within and at the end", () => {
    expect(aligned(3, 0)).toEqual([1, 2, 3, 11, 12, 13]);
    expect(aligned(3, 1)).toEqual([2, 3, 4, 12, 13, 14]);
    expect(aligned(3, 2)).toEqual([3, 4, 5, 13, 14, 15]);
  });

  it("pads with zeros before and after, whatever stood there", () => {
    expect(aligned(7, 0)).toEqual([1, 2, 3, 4, 5, 0, 0, 11, 12, 13, 14, 15, 0, 0]);
    expect(aligned(7, -1)).toEqual([0, 1, 2, 3, 4, 5, 0, 0, 11, 12, 13, 14, 15, 0]);
    expect(aligned(7, -2)).toEqual([0, 0, 1, 2, 3, 4, 5, 0, 0, 11, 12, 13, 14, 15]);
  });

  it("copies when lengths agree, and is all zeros beside the map", () => {
    expect(aligned(5, 0)).toEqual(Array.from(map));
    expect(aligned(3, 5)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(aligned(3, -9)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(aligned(3, 4)).toEqual([5, 0, 0, 15, 0, 0]);
  });

  it("writes its place in a batch and nothing beside it", () => {
    const batch = new Float32Array(8).fill(7);
    applyCropOrPad(map, rows, 5, 3, { offset: 1 }, batch, 1);
    expect(Array.from(batch)).toEqual([7, 2, 3, 4, 12, 13, 14, 7]);
  });

  it("refuses sizes that do not fit", () => {
    const out = new Float32Array(6);
    expect(() => applyCropOrPad(map, 2, 4, 3, { offset: 0 }, out)).toThrow("the map has 10 values, not 2 x 4");
    expect(() => applyCropOrPad(map, 2, 5, 3, { offset: 0 }, out, 1)).toThrow("2 x 3 from 1 do not fit into 6 values");
    expect(() => applyCropOrPad(map, 2, 5, 3, { offset: 0.5 }, out)).toThrow("offset must be an integer, got 0.5");
    expect(() => centreCropOrPad(0, 3)).toThrow("frames must be a positive integer, got 0");
  });
});

describe("drawing", () => {
  it("takes every place that keeps all it can, equally often", () => {
    for (const [framesIn, framesOut, lowest] of [
      [7, 5, 0],
      [5, 7, -2],
    ] as const) {
      const counts = new Map<number, number>();
      for (let i = 0; i < 3000; i++) {
        const { offset } = drawCropOrPad(new Streams(1).stream("augment", i), framesIn, framesOut);
        counts.set(offset, (counts.get(offset) ?? 0) + 1);
      }
      expect([...counts.keys()].sort((a, b) => a - b)).toEqual([lowest, lowest + 1, lowest + 2]);
      // 1,000 each, standard deviation 26.
      for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
    }
  });

  it("has one place where lengths agree, and it is 0 in JSON and out of it", () => {
    const drawn = drawCropOrPad(new Streams(1).stream("augment"), 5, 5);
    expect(drawn).toEqual({ offset: 0 });
    expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
  });

  it("centres, with the odd frame at the end", () => {
    expect(centreCropOrPad(188, 187)).toEqual({ offset: 0 });
    expect(centreCropOrPad(8, 5)).toEqual({ offset: 1 });
    expect(centreCropOrPad(5, 8)).toEqual({ offset: -1 });
    expect(centreCropOrPad(5, 6)).toEqual({ offset: 0 });
  });
});

describe("cropOrPadFrames", () => {
  const two = { data: Float32Array.of(1, 10, 2, 20, 3, 30), rows: 1, frames: 3, channels: 2 };

  it("cuts or fills up with zeros, channels along", () => {
    const out = (framesOut: number, place: number) => Array.from(cropOrPadFrames(framesOut).apply(two, { place }).data);
    expect([out(2, 0), out(2, 1)]).toEqual([
      [1, 10, 2, 20],
      [2, 20, 3, 30],
    ]);
    expect([out(4, 0), out(4, 1)]).toEqual([
      [1, 10, 2, 20, 3, 30, 0, 0],
      [0, 0, 1, 10, 2, 20, 3, 30],
    ]);
    expect(cropOrPadFrames(3).apply(two, { place: 0.4 })).toEqual(two);
    expect(cropOrPadFrames(4).apply({ data: map, rows, frames: 5 }, { place: 0.5 })).toEqual({
      data: Float32Array.of(2, 3, 4, 5, 12, 13, 14, 15),
      rows: 2,
      frames: 4,
    });
  });

  it("refuses no frames", () => {
    expect(() => cropOrPadFrames(0)).toThrow("frames must be a positive integer, got 0");
  });
});
