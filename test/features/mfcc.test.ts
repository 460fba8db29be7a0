import { describe, expect, it } from "vitest";
import { digestText } from "../../src/features/frontEnd.js";
import { type MfccOptions, mfcc } from "../../src/features/mfcc.js";
import { largestDifference, madeUp } from "./madeUp.js";

const options: MfccOptions = { sampleRateHz: 8000, coefficients: 64, fftSize: 512, hop: 128, padding: "zeros" };
/** librosa works in float32: its values of up to 1,000 carry 6e-5. */
const tolerance = 1e-3;

function column(map: { data: Float32Array; frames: number }, frame: number, rows: number[]): number[] {
  return rows.map((row) => map.data[row * map.frames + frame]!);
}
const firstEight = [0, 1, 2, 3, 4, 5, 6, 7];

// librosa 0.10.2, NumPy 2.4:
//   def made_up(count):
//       n = np.arange(count)
//       return (0.4*np.sin(2*np.pi*(100*n/8000 + 2000*(n/8000)**2)) + 0.1*((n*7919 % 1000)/1000 - 0.5)).astype(np.float32)
//   m = librosa.feature.mfcc(y=made_up(4000), sr=8000, n_mfcc=64, n_fft=512, hop_length=128, pad_mode=pad)
//   m[:8, 0]; m[:8, 31]; m[[0, 1, 2, 13, 40, 63], 15]; m.sum(axis=1)[[0, 1, 5, 63]]
describe("mfcc", () => {
  const middle = [-299.286194, 2.56188297, -74.3441849, 10.9497042, 4.64526129, 7.02289486];
  const cases = [
    {
      padding: "zeros", // pad_mode="constant", the default
      first: [-283.922028, 85.0791168, 59.0829315, 37.9617538, 29.2027664, 25.0421753, 34.1509514, 36.3951569],
      last: [-217.669937, -32.935997, -6.76877117, 40.0640869, -42.1457367, 3.16284752, -3.52758408, -20.0334053],
      sums: [-10020.7422, 258.707977, -511.126953, 227.393112],
    },
    {
      padding: "reflect", // pad_mode="reflect"
      first: [-251.881027, 99.2332001, 58.0582123, 36.9536743, 26.8413086, 20.7121487, 31.9696732, 40.4208488],
      last: [-288.032318, -5.95089436, -6.28618336, 12.7909966, -63.066658, -18.3392353, 20.0235634, -0.836304903],
      sums: [-10085.5967, 323.228912, -557.847046, 224.072327],
    },
  ] as const;
  for (const { padding, first, last, sums } of cases) {
    it(`equals librosa with ${padding} at the ends`, () => {
      const map = mfcc({ ...options, padding }).compute(madeUp(4000));
      expect([map.rows, map.frames, map.data.length]).toEqual([64, 32, 64 * 32]);
      expect(largestDifference(column(map, 0, firstEight), first)).toBeLessThan(tolerance);
      expect(largestDifference(column(map, 31, firstEight), last)).toBeLessThan(tolerance);
      expect(largestDifference(column(map, 15, [0, 1, 2, 13, 40, 63]), middle)).toBeLessThan(tolerance);
      const rowSums = [0, 1, 5, 63].map((row) => map.data.subarray(row * 32, row * 32 + 32).reduce((a, b) => a + b));
      expect(largestDifference(rowSums, sums)).toBeLessThan(32 * tolerance);
    });
  }

  // m = librosa.feature.mfcc(y=made_up(300), sr=8000, n_mfcc=64, n_fft=512, hop_length=128); m[[0, 1, 2, 3, 63]].T
  it("equals librosa on a clip shorter than one window", () => {
    const map = mfcc(options).compute(madeUp(300));
    const expected = [
      [-283.922028, 85.0791168, 59.0829315, 37.96175, 4.67321491],
      [-280.969513, 102.949303, 79.8359222, 42.6908875, 2.60608768],
      [-242.624329, 107.658478, 66.417923, 32.7463684, 2.39060211],
    ];
    expect(map.frames).toBe(3);
    const ours = [0, 1, 2].flatMap((frame) => column(map, frame, [0, 1, 2, 3, 63]));
    expect(largestDifference(ours, expected.flat())).toBeLessThan(tolerance);
  });

  // librosa.feature.mfcc(y=np.zeros(300, np.float32), ...)[:3, 0] -> [-1131.37085, 0, 0]; the first is -100 sqrt(128)
  it("is the floor for silence", () => {
    const map = mfcc(options).compute(new Float32Array(300));
    expect(largestDifference(column(map, 0, [0, 1, 2]), [-100 * Math.sqrt(128), 0, 0])).toBeLessThan(tolerance);
  });

  it("gives finite values for one sample and the same values twice", () => {
    const frontEnd = mfcc(options);
    expect(frontEnd.compute(Float32Array.of(0.5)).data.every(Number.isFinite)).toBe(true);
    const first = frontEnd.compute(madeUp(1000)).data;
    frontEnd.compute(madeUp(3000));
    expect(frontEnd.compute(madeUp(1000)).data).toEqual(first);
    expect(() => frontEnd.compute(new Float32Array(0))).toThrow(RangeError);
  });

  it("has one digest text for equal options and another for each different one", () => {
    const text = digestText(mfcc(options));
    const spelledOut: MfccOptions = { padding: "zeros", hop: 128, fftSize: 512, coefficients: 64, sampleRateHz: 8000 };
    expect(digestText(mfcc({ ...spelledOut, bands: 128, rangeDb: 80, minimumHz: 0, windowSize: 512 }))).toBe(text);
    const changes: Partial<MfccOptions>[] = [
      { padding: "reflect" },
      { hop: 64 },
      { bands: 100 },
      { scale: "htk" },
      { norm: "none" },
      { rangeDb: null },
      { floor: 1e-9 },
      { coefficients: 63 },
      { windowSize: 500 },
    ];
    const texts = changes.map((change) => digestText(mfcc({ ...options, ...change })));
    expect(new Set([text, ...texts]).size).toBe(1 + changes.length);
  });
});
