import { describe, expect, it } from "vitest";
import { powerToDecibel } from "../../src/features/decibel.js";
import { largestDifference } from "./madeUp.js";

describe("powerToDecibel", () => {
  const power = [1e-12, 1e-9, 1e-3, 0.5, 20];
  const converted = (options: Parameters<typeof powerToDecibel>[1], values = power) => {
    const map = Float32Array.from(values);
    powerToDecibel(map, options);
    return map;
  };

  // librosa 0.10.2: p = np.array([1e-12, 1e-9, 1e-3, 0.5, 20.0])
  //   librosa.power_to_db(p); librosa.power_to_db(p, ref=np.max); librosa.power_to_db(p, ref=2.0, top_db=None)
  it("equals librosa with each reference and range", () => {
    const floor = 1e-10;
    const cases = [
      [converted({ reference: 1, floor, rangeDb: 80 }), [-66.9897, -66.9897, -30, -3.01029996, 13.0103]],
      [converted({ reference: "max", floor, rangeDb: 80 }), [-80, -80, -43.0103, -16.0205999, 0]],
      [converted({ reference: 2, floor, rangeDb: null }), [-103.0103, -93.0103, -33.0103, -6.02059991, 10]],
    ] as const;
    for (const [ours, theirs] of cases) expect(largestDifference(ours, theirs)).toBeLessThan(1e-5);
  });

  it("gives the floor for silence, and 0 dB where silence is its own reference", () => {
    expect(converted({ reference: 1, floor: 1e-10, rangeDb: 80 }, [0, 0])).toEqual(Float32Array.of(-100, -100));
    expect(converted({ reference: "max", floor: 1e-10, rangeDb: 80 }, [0, 0])).toEqual(Float32Array.of(0, 0));
  });

  it("refuses a floor, reference or range that makes no decibels", () => {
    expect(() => converted({ reference: 1, floor: 0, rangeDb: 80 })).toThrow(/floor/);
    expect(() => converted({ reference: -1, floor: 1e-10, rangeDb: 80 })).toThrow(/reference/);
    expect(() => converted({ reference: 1, floor: 1e-10, rangeDb: -1 })).toThrow(/rangeDb/);
  });
});
