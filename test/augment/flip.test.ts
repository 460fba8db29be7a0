import { describe, expect, it } from "vitest";
import { applyFlip, drawFlip, flipFrames } from "../../src/augment/flip.js";
import { Streams } from "../../src/random/streams.js";

describe("applyFlip", () => {
  it("reverses each row of its place and nothing beside it", () => {
    const batch = Float32Array.of(9, 1, 2, 3, 4, 5, 6, 9);
    applyFlip(batch, 2, 3, { flip: true }, 1);
    expect(Array.from(batch)).toEqual([9, 3, 2, 1, 6, 5, 4, 9]);
    applyFlip(batch, 2, 3, { flip: false }, 1);
    expect(Array.from(batch)).toEqual([9, 3, 2, 1, 6, 5, 4, 9]);
  });

  it("refuses rows that do not fit", () => {
    expect(() => applyFlip(new Float32Array(5), 2, 3, { flip: true })).toThrow("2 x 3 from 0 do not fit into 5 values");
  });
});

describe("drawFlip", () => {
  const share = (probability: number) => {
    const rng = new Streams(2).stream("augment");
    return Array.from({ length: 4000 }, () => drawFlip(rng, probability)).filter(({ flip }) => flip).length / 4000;
  };

  it("never flips at 0, always at 1, and at 0.25 a quarter of the time", () => {
    expect([share(0), share(1)]).toEqual([0, 1]);
    expect(Math.abs(share(0.25) - 0.25)).toBeLessThan(0.03); // four standard deviations
  });

  it("refuses what is no probability", () => {
    const rng = new Streams(2).stream("augment");
    for (const bad of [-0.1, 1.1, Number.NaN]) expect(() => drawFlip(rng, bad)).toThrow(/from 0 to 1/);
  });
});

describe("flipFrames", () => {
  const map = { data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60), rows: 2, frames: 3, channels: 2 };

  it("reverses frames, not channels, and leaves the given map", () => {
    const out = flipFrames(1).apply(map, flipFrames(1).draw(new Streams(2).stream("augment")));
    expect(Array.from(out.data)).toEqual([3, 30, 2, 20, 1, 10, 6, 60, 5, 50, 4, 40]);
    expect(map.data[0]).toBe(1);
    expect(flipFrames(1).apply(out, { flip: true })).toEqual(map);
    expect(flipFrames(1).apply(map, { flip: false })).toBe(map);
  });

  it("says what it does, and refuses what is no probability", () => {
    expect([true, false].map((flip) => flipFrames(0.5).describe({ flip }))).toEqual(["time reversed", "unchanged"]);
    expect(() => flipFrames(2)).toThrow("probability must be from 0 to 1, got 2");
  });
});
