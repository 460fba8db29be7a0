import { describe, expect, test } from "vitest";
import { maskShare } from "../../src/augment/maskShare.js";
import { type MaskStripesOptions, maskStripes } from "../../src/augment/maskStripes.js";
import type { FeatureMap } from "../../src/features/frontEnd.js";
import { Streams } from "../../src/random/streams.js";
import { lcg } from "./madeUp.js";

function made(rows: number, frames: number, channels: number): FeatureMap {
  return { data: Float32Array.from(lcg(rows * frames * channels, 9)), rows, frames, channels };
}
const rng = (index = 0) => new Streams(8).stream("augment", index);
const at = (map: FeatureMap, row: number, frame: number, channel = 0) =>
  map.data[(row * map.frames + frame) * (map.channels ?? 1) + channel]!;
/** Mean of a channel by another way than the library's: a sum over columns. */
function meanOf(map: FeatureMap, channel: number): number {
  let sum = 0;
  for (let t = 0; t < map.frames; t++) for (let r = 0; r < map.rows; r++) sum += at(map, r, t, channel);
  return sum / (map.rows * map.frames);
}
/** Rows or frames in which every cell of a channel is another than before. */
function masked(before: FeatureMap, after: FeatureMap, axis: "rows" | "frames", channel: number): number[] {
  const changed = (row: number, frame: number) => at(before, row, frame, channel) !== at(after, row, frame, channel);
  const across = axis === "rows" ? before.frames : before.rows;
  const found: number[] = [];
  for (let i = 0; i < (axis === "rows" ? before.rows : before.frames); i++) {
    const cells = Array.from({ length: across }, (_, j) => (axis === "rows" ? changed(i, j) : changed(j, i)));
    if (cells.every(Boolean)) found.push(i);
  }
  return found;
}

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

describe("a share of one axis", () => {
  const augmentation = maskShare({ share: 0.3, stripes: [1, 2], fill: "mean" });

  test("is masked exactly, in the number of stripes drawn, alike in all channels", () => {
    const map = made(84, 61, 3);
    const seen = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const drawn = augmentation.draw(rng(i));
      const out = augmentation.apply(map, drawn);
      const cells = masked(map, out, drawn.axis, 0);
      expect(cells).toHaveLength(Math.round(0.3 * (drawn.axis === "rows" ? 84 : 61)));
      expect(masked(map, out, drawn.axis, 2)).toEqual(cells);
      const runs = cells.filter((cell, j) => j === 0 || cell !== cells[j - 1]! + 1).length;
      expect(runs).toBeLessThanOrEqual(drawn.places.length); // two stripes may touch
      for (const cell of cells) {
        const value = drawn.axis === "rows" ? at(out, cell, 5, 1) : at(out, 5, cell, 1);
        expect(value).toBeCloseTo(meanOf(map, 1), 6);
      }
      seen.add(`${drawn.axis} ${drawn.places.length}`);
    }
    expect([...seen].sort()).toEqual(["frames 1", "frames 2", "rows 1", "rows 2"]);
  });

  test("pinned by hand", () => {
    const map = { data: new Float32Array(10).fill(1), rows: 1, frames: 10 };
    const two = maskShare({ share: 0.5, stripes: [2], fill: "zero" });
    // Five of ten frames, three and two wide, with five left: at the very start and the very end, and side by side.
    expect(Array.from(two.apply(map, { axis: "frames", places: [0, 1] }).data).join("")).toBe("0001111100");
    expect(Array.from(two.apply(map, { axis: "frames", places: [0.5, 0.5] }).data).join("")).toBe("1110000011");
    expect(two.describe({ axis: "frames", places: [0, 1] })).toBe("masked 50 % of the frames in 2 stripes");
  });

  test("refused", () => {
    expect(() => maskShare({ share: 1.1, stripes: [1], fill: "zero" })).toThrow("share must be from 0 to 1, got 1.1");
    expect(() => maskShare({ share: 0.1, stripes: [], fill: "zero" })).toThrow("positive integers, got []");
  });
});
