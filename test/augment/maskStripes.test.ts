import { describe, expect, test } from "vitest";
import { type MaskStripesOptions, maskStripes } from "../../src/augment/maskStripes.js";
import { Streams } from "../../src/random/streams.js";
import { at, made, masked, meanOf } from "./madeUpMaps.js";

const rng = (index = 0) => new Streams(8).stream("augment", index);

describe("stripes", () => {
  const options: MaskStripesOptions = {
    rows: { count: 1, widthBelow: 5 },
    frames: { count: 1, widthBelow: 9 },
    fill: "mean",
  };

  test("cover what they say, with the channel's mean, and leave the rest and the given map", () => {
    const map = made(12, 30, 3);
    const copy = map.data.slice();
    for (let i = 0; i < 20; i++) {
      const augmentation = maskStripes(options);
      const drawn = augmentation.draw(rng(i));
      const [ofRows, ofFrames] = drawn as [(typeof drawn)[0], (typeof drawn)[0]];
      const out = augmentation.apply(map, drawn);
      for (let channel = 0; channel < 3; channel++) {
        const rows = masked(map, out, "rows", channel);
        const frames = masked(map, out, "frames", channel);
        expect([rows.length, frames.length]).toEqual([ofRows.width, ofFrames.width]);
        for (const list of [rows, frames]) expect(list).toEqual(list.map((_, j) => list[0]! + j));
        let changed = 0;
        for (let r = 0; r < 12; r++)
          for (let t = 0; t < 30; t++) {
            if (at(out, r, t, channel) === at(map, r, t, channel)) continue;
            changed++;
            expect(at(out, r, t, channel)).toBeCloseTo(meanOf(map, channel), 6);
          }
        expect(changed).toBe(rows.length * 30 + frames.length * 12 - rows.length * frames.length);
      }
    }
    expect(map.data).toEqual(copy);
  });

  test("widths 0 to widthBelow - 1 and all places come equally often", () => {
    const augmentation = maskStripes({ frames: { count: 1, widthBelow: 4 }, fill: "zero" });
    const map = { data: new Float32Array(10).fill(1), rows: 1, frames: 10 };
    const widths = [0, 0, 0, 0];
    const starts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8000; i++) {
      const [stripe] = augmentation.draw(rng(i));
      widths[stripe!.width]!++;
      if (stripe!.width === 3) starts[augmentation.apply(map, [stripe!]).data.indexOf(0)]!++;
    }
    // Four standard deviations of 2000 and of 250.
    for (const count of widths) expect(Math.abs(count - 2000)).toBeLessThan(155);
    for (const count of starts) expect(Math.abs(count - 250)).toBeLessThan(62);
  });

  test("pinned by hand: where they lie, and one channel only", () => {
    const map = { data: new Float32Array(24).fill(1), rows: 2, frames: 6, channels: 2 };
    const augmentation = maskStripes({ fill: "zero", ownStripesFor: 2 });
    const out = augmentation.apply(map, [{ axis: "frames", width: 2, place: 1, channel: 1 }]);
    for (let r = 0; r < 2; r++)
      for (let t = 0; t < 6; t++) expect([at(out, r, t, 0), at(out, r, t, 1)]).toEqual([1, t >= 4 ? 0 : 1]);
    expect(augmentation.describe([{ axis: "frames", width: 2, place: 1, channel: 1 }])).toBe(
      "masked 2 frames of channel 1",
    );
  });

  test("are drawn for each channel where asked, for all together otherwise", () => {
    const own = maskStripes({ ...options, ownStripesFor: 3 }).draw(rng());
    expect(own.map(({ axis, channel }) => `${axis} ${channel}`)).toEqual([
      "rows 0",
      "frames 0",
      "rows 1",
      "frames 1",
      "rows 2",
      "frames 2",
    ]);
    expect(new Set(own.map(({ place }) => place)).size).toBe(6);
    expect(
      maskStripes(options)
        .draw(rng())
        .map(({ channel }) => channel),
    ).toEqual([null, null]);
  });

  test("minimum and zero fill; a stripe wider than the map covers it", () => {
    const map = { data: Float32Array.of(3, -2, 5, 1), rows: 1, frames: 4 };
    const wide = [{ axis: "frames" as const, width: 9, place: 0.5, channel: null }];
    expect(maskStripes({ fill: "minimum" }).apply(map, wide).data).toEqual(Float32Array.of(-2, -2, -2, -2));
    expect(maskStripes({ fill: "zero" }).apply(map, wide).data).toEqual(new Float32Array(4));
    expect(maskStripes({ fill: "zero" }).describe([])).toBe("no mask");
  });

  test("refused", () => {
    expect(() => maskStripes({ fill: "median" as "mean" })).toThrow('"mean", "minimum" or "zero", got "median"');
    expect(() => maskStripes({ rows: { count: -1, widthBelow: 4 }, fill: "zero" })).toThrow("count of rows");
    expect(() => maskStripes({ rows: { count: 1, widthBelow: 0 }, fill: "zero" })).toThrow("integer from 1, got 0");
    expect(() => maskStripes({ fill: "zero", ownStripesFor: 3 }).apply(made(2, 2, 1), [])).toThrow(
      "stripes for 3 channels, the map has 1",
    );
    expect(() => maskStripes({ fill: "zero" }).apply({ ...made(2, 2, 1), rows: 3 }, [])).toThrow(
      "a map of 3 x 2 x 1 has 4 values",
    );
  });
});
