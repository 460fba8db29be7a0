import { describe, expect, test } from "vitest";
import { timeStretch } from "../../src/augment/timeStretch.js";
import { farthest, madeUp, pick, rms, strongest, tone } from "./madeUp.js";

// librosa 0.11.0, with the functions above `madeUp`:
//   y = librosa.effects.time_stretch(made_up(4801), rate=rate); len(y), np.sqrt(np.mean(y * y)), pick(y)
const LIBROSA: [rate: number, length: number, rms: number, picked: number[]][] = [
  [
    0.5,
    9602,
    0.1693055,
    [
      -0.04642286, 0.01935383, 0.03486854, -0.08867738, 0.09783333, -0.1587464, -0.09046605, 0.09795242, -0.1095768,
      0.352341, 0.143913, -0.106049,
    ],
  ],
  [
    0.8,
    6001,
    0.159463,
    [
      -0.05019448, -0.2373024, 0.1002183, 0.05344275, 0.0488046, 0.003924403, 0.01794647, -0.1757093, 0.03434433,
      -0.03695201, 0.1205736, -0.1080193,
    ],
  ],
  [
    1.3,
    3693,
    0.159319,
    [
      -0.0504267, 0.01547198, -0.1407975, 0.3373489, 0.04006337, 0.100916, -0.09805727, 0.180251, 0.3250596,
      -0.06807187, -0.1068456, -0.01537724,
    ],
  ],
  [
    2,
    2400,
    0.1416365,
    [
      -0.04510157, -0.02166525, -0.1097535, -0.2048941, 0.1877206, 0.002566558, -0.04671631, -0.1267866, -0.1240267,
      -0.04509847, 0.2073217, 0.1521225,
    ],
  ],
];

describe("time stretch", () => {
  // librosa computes in float64 here; transforms in float32 are good to 1e-7 of all bins' mean, and this sound has no faint ones.
  test.each(LIBROSA)("at rate %d is librosa's", (rate, length, level, picked) => {
    const stretched = timeStretch(madeUp(4801), rate);
    expect(stretched).toHaveLength(length);
    expect(rms(stretched)).toBeCloseTo(level, 6);
    expect(farthest(pick(stretched), picked)).toBeLessThan(2e-6);
  });

  test("at rate 1 changes nothing but rounding", () => {
    for (const count of [1, 7, 512, 513, 4801]) {
      const samples = madeUp(count);
      expect(farthest(timeStretch(samples, 1), samples)).toBeLessThan(2e-6);
    }
  });

  test("a tone keeps its frequency, and its level but for the bins that fall out of step", () => {
    for (const rate of [0.5, 0.77, 1.4, 2]) {
      const { hz, amplitude } = strongest(timeStretch(tone(12000, 440, 4000), rate).slice(2000, -2000), 4000, 300, 600);
      expect(hz).toBe(440);
      expect(amplitude).toBeGreaterThan(0.8);
      expect(amplitude).toBeLessThan(1.05);
    }
  });

  test("length: samples / rate, a half to the even number as Python rounds", () => {
    const lengths = [3, 5, 7, 100, 0].map((count) => timeStretch(madeUp(count), 2).length);
    expect(lengths).toEqual([2, 2, 4, 50, 0]);
    expect(timeStretch(madeUp(1000), 1.7)).toHaveLength(588);
  });

  test("silence stays silence, in clips of any length", () => {
    for (const count of [0, 1, 2, 2048, 5000])
      for (const rate of [0.5, 2]) expect(timeStretch(new Float32Array(count), rate).every((x) => x === 0)).toBe(true);
  });

  test("refuses what is no rate", () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => timeStretch(madeUp(10), rate)).toThrow(`rate must be above 0, got ${rate}`);
  });
});
