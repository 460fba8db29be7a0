import { describe, expect, it } from "vitest";
import { resampleLinear16 } from "../../src/audio/linearResample.js";
import { madeUp } from "../features/madeUp.js";

/** np.round(made_up(60) * 32767).astype(np.int16), made_up as in test/features/mfcc.test.ts. */
const samples = Int16Array.from(madeUp(60), (x) => Math.round(x * 32767));

describe("resampleLinear16", () => {
  // Python 3.11: np.frombuffer(audioop.ratecv(samples.tobytes(), 2, 1, a, b, None)[0], np.int16)
  const expected: [number, number, number, number[]][] = [
    [4000, 11025, 163, [-1638, -172, 1294, 2471, 2748, 3025, 3301, 3576, 3850, 4120, 4390, 4659, 4920, 5181]],
    [
      8000,
      3000,
      23,
      [
        -1638, 3672, 5617, 7352, 8734, 12940, 13322, 13048, 12102, 10474, 11433, 8525, 5130, 1371, -1466, -3198, -6888,
        -10158, -12835, -11454, -12495, -12633, -11840,
      ],
    ],
    [
      11025,
      4000,
      22,
      [
        -1638, 3739, 5741, 7504, 8894, 13046, 13310, 12889, 11738, 12478, 10517, 7319, 3647, -333, -1136, -5096, -8716,
        -11771, -12068, -12222, -12688, -12167,
      ],
    ],
  ];
  for (const [from, to, count, first] of expected) {
    it(`equals audioop.ratecv from ${from} to ${to} Hz`, () => {
      const out = resampleLinear16(samples, from, to);
      expect(out.length).toBe(count);
      expect([...out.subarray(0, first.length)]).toEqual(first);
    });
  }

  it("takes none, one, and the same rate", () => {
    expect(resampleLinear16(new Int16Array(0), 4000, 11025)).toEqual(new Int16Array(0));
    expect(resampleLinear16(Int16Array.of(7), 4000, 11025)).toEqual(Int16Array.of(7));
    expect(resampleLinear16(samples, 4000, 4000)).toEqual(samples);
  });
});
