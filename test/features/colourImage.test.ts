import { describe, expect, it } from "vitest";
import { ColourImage } from "../../src/features/colourImage.js";
import { MAGMA } from "../../src/features/magma.js";
import { composedTaps, resizeTaps } from "../../src/features/resizeWeights.js";

/** [7, 5]: the two highest rows are all but empty. */
const map = Float32Array.from({ length: 35 }, (_, i) => (i < 25 ? (i * 37) % 100 : i === 32 ? 3 : 0));

describe("ColourImage", () => {
  // OpenCV 5.0.0.93 (headless), m as above:
  //   levels = ((m - m.min()) / (m.max() - m.min()) * 255).astype(np.uint8)
  //   image = cv2.flip(cv2.resize(cv2.applyColorMap(levels, cv2.COLORMAP_MAGMA), None, fx=s, fy=s), 0)[:, :, ::-1]
  //   clipped: cv2.resize(image[9:], (15, 21)), where (grey < 10).mean(1) >= 0.8 holds for two rows
  //   image[0, 0], image[h // 2, w // 2], image[-1, -1], image[3, 1], image.sum()
  const cases = [
    {
      scale: 1,
      clipBlank: false,
      pixels: [
        [0, 0, 4],
        [101, 26, 128],
        [181, 54, 122],
        [253, 233, 170],
      ],
      sum: 8815,
    },
    {
      scale: 3,
      clipBlank: false,
      pixels: [
        [0, 0, 4],
        [101, 26, 128],
        [181, 54, 122],
        [0, 0, 4],
      ],
      sum: 79284,
    },
    {
      scale: 3,
      clipBlank: true,
      pixels: [
        [190, 59, 116],
        [195, 62, 114],
        [181, 54, 122],
        [218, 77, 107],
      ],
      sum: 107197,
    },
  ];
  for (const { scale, clipBlank, pixels, sum } of cases) {
    it(`equals OpenCV within one level at scale ${scale}${clipBlank ? ", blank rows clipped" : ""}`, () => {
      const picture = new ColourImage(7, { scale, clipBlank });
      const data = picture.draw(map, 5);
      const [height, width] = [7 * scale, 5 * scale];
      expect([picture.rows, data.length]).toEqual([height, height * width * 3]);
      const places = [
        [0, 0],
        [Math.floor(height / 2), Math.floor(width / 2)],
        [height - 1, width - 1],
        [3, 1],
      ] as const;
      places.forEach(([y, x], i) => {
        for (let channel = 0; channel < 3; channel++) {
          const level = 255 * data[(y * width + x) * 3 + channel]!;
          expect(Math.abs(level - pixels[i]![channel]!)).toBeLessThanOrEqual(1.001);
        }
      });
      const total = 255 * data.reduce((a, b) => a + b, 0);
      expect(Math.abs(total - sum) / data.length).toBeLessThan(0.5);
    });
  }

  it("is black for a map that is constant, at any scale, and keeps it at full height", () => {
    for (const scale of [1, 2, 3]) {
      const data = new ColourImage(4, { scale, clipBlank: true }).draw(new Float32Array(8).fill(-3), 2);
      expect(data.length).toBe(4 * scale * 2 * scale * 3);
      data.forEach((value, i) => {
        expect(255 * value).toBeCloseTo(MAGMA[i % 3]!, 4);
      });
    }
  });

  it("draws a narrower map after a wider one", () => {
    const picture = new ColourImage(7, { scale: 3, clipBlank: false });
    const first = picture.draw(map, 5);
    const narrow = picture.draw(map.subarray(0, 7), 1);
    expect(narrow.length).toBe(21 * 3 * 3);
    expect(narrow.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(picture.draw(map, 5)).toEqual(first);
  });

  it("refuses sizes that make no picture", () => {
    expect(() => new ColourImage(0, { scale: 3, clipBlank: true })).toThrow(/rows.*0/);
    expect(() => new ColourImage(4, { scale: 1.5, clipBlank: true })).toThrow(/scale.*1.5/);
  });
});

describe("resizeTaps", () => {
  it("weights add up to 1, and one after the other is both", () => {
    const first = resizeTaps(7, 21);
    const second = resizeTaps(12, 21);
    const values = [3, 1, 4, 1, 5, 9, 2];
    const apply = (taps: ReturnType<typeof resizeTaps>, from: number[]) =>
      taps.map(({ from: at, weight }) => at.reduce((sum, place, i) => sum + weight[i]! * from[place]!, 0));
    for (const { weight } of [...first, ...second]) expect(weight.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const both = apply(composedTaps(first, second, 9), values);
    apply(second, apply(first, values).slice(9)).forEach((value, i) => {
      expect(both[i]).toBeCloseTo(value, 12);
    });
    expect(Math.max(...composedTaps(first, second, 9).map(({ from }) => from.length))).toBeLessThanOrEqual(3);
  });
});
