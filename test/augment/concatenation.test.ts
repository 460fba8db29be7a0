import { describe, expect, test } from "vitest";
import { concatenated, drawConcatenations, sameClass } from "../../src/augment/concatenation.js";
import { RESPIRENET_COMPOSITIONS } from "../../src/papers/respirenet/augmentation.js";
import { Streams } from "../../src/random/streams.js";

const rng = (index = 0) => new Streams(6).stream("concatenation", index);
/** Normal, crackle, wheeze, both: 2000, 300, 100, 50, mixed. */
const labels = Array.from({ length: 2450 }, (_, i) => {
  const place = (i * 967) % 2450;
  return place < 2000 ? 0 : place < 2300 ? 1 : place < 2400 ? 2 : 3;
});

describe("concatenation-based augmentation", () => {
  test("fills every class up to the normal one", () => {
    for (const compositions of [RESPIRENET_COMPOSITIONS, sameClass(4)]) {
      const drawn = drawConcatenations(rng(), labels, { compositions, upTo: 0, scale: 1 });
      const counts = [0, 1, 2, 3].map((label) => drawn.filter((item) => item.label === label).length);
      expect(counts).toEqual([0, 1700, 1900, 1950]);
    }
    const twice = drawConcatenations(rng(), labels, { compositions: sameClass(2), upTo: 0, scale: 2 });
    expect(twice.filter(({ label }) => label === 0)).toHaveLength(2000);
    expect(drawConcatenations(rng(), labels, { compositions: sameClass(4), upTo: 0, scale: 0.01 })).toEqual([]);
  });

  test("composes in the code's proportions", () => {
    const drawn = drawConcatenations(rng(), labels, { compositions: RESPIRENET_COMPOSITIONS, upTo: 0, scale: 1 });
    const shares = (label: number) => {
      const found = new Map<string, number>();
      const items = drawn.filter((item) => item.label === label);
      for (const { parts } of items) {
        const key = parts.map((part) => labels[part]).join("+");
        found.set(key, (found.get(key) ?? 0) + 1 / items.length);
      }
      return found;
    };
    const wanted: [number, Record<string, number>][] = [
      [1, { "1+1": 0.6, "1+0": 0.2, "0+1": 0.2 }],
      [2, { "2+2": 0.6, "2+0": 0.2, "0+2": 0.2 }],
      [3, { "3+3": 0.5, "1+2": 0.2, "2+1": 0.1, "3+0": 0.1, "0+3": 0.1 }],
    ];
    for (const [label, by] of wanted) {
      const found = shares(label);
      expect([...found.keys()].sort()).toEqual(Object.keys(by).sort());
      // Four standard deviations of a share of 1700 draws are at most 0.0486.
      for (const [key, share] of Object.entries(by)) expect(Math.abs(found.get(key)! - share)).toBeLessThan(0.049);
    }
  });

  test("draws every item of a class, both as first and as second part", () => {
    const drawn = drawConcatenations(rng(), labels, { compositions: sameClass(4), upTo: 0, scale: 1 });
    for (const side of [0, 1] as const)
      expect(new Set(drawn.filter(({ label }) => label === 3).map(({ parts }) => parts[side])).size).toBe(50);
  });

  test("is a function of the stream, and of no order of writing", () => {
    const options = { compositions: RESPIRENET_COMPOSITIONS, upTo: 0, scale: 1 };
    const drawn = drawConcatenations(rng(), labels, options);
    const backwards = new Map([...RESPIRENET_COMPOSITIONS].reverse());
    expect(drawConcatenations(rng(), labels, { ...options, compositions: backwards })).toEqual(drawn);
    expect(drawConcatenations(rng(1), labels, options)).not.toEqual(drawn);
  });

  test("refused: a part of a class without items, shares that are not 1", () => {
    const options = { compositions: RESPIRENET_COMPOSITIONS, upTo: 0, scale: 1 };
    expect(() => drawConcatenations(rng(), [0, 0, 0, 1, 3], options)).toThrow(
      expect.objectContaining({
        name: "UserError",
        message: "concatenation: no item of class 2, which others are put together from",
      }),
    );
    const half = new Map([[1, [{ first: 1, second: 1, share: 0.5 }]]]);
    expect(() => drawConcatenations(rng(), labels, { ...options, compositions: half })).toThrow("add up to 0.5");
  });

  test("puts clips together, of one rate only", () => {
    const clip = (sampleRateHz: number, ...values: number[]) => ({ samples: Float32Array.from(values), sampleRateHz });
    expect(concatenated([clip(4, 1, 2), clip(4), clip(4, 3)])).toEqual(clip(4, 1, 2, 3));
    expect(() => concatenated([clip(4, 1), clip(8, 1)])).toThrow("clips of 4 Hz and 8 Hz");
    expect(() => concatenated([])).toThrow("there are no clips");
  });
});
