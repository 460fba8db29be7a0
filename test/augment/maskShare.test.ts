import { describe, expect, test } from "vitest";
import { maskShare } from "../../src/augment/maskShare.js";
import { Streams } from "../../src/random/streams.js";
import { at, made, masked, meanOf } from "./madeUpMaps.js";

const rng = (index = 0) => new Streams(8).stream("augment", index);

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
