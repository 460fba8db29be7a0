import { describe, expect, it } from "vitest";
import { digestText } from "../../src/features/frontEnd.js";
import { type LogMelOptions, logMel } from "../../src/features/logMel.js";
import { largestDifference, madeUp } from "./madeUp.js";

const options: LogMelOptions = {
  sampleRateHz: 8000,
  fftSize: 512,
  hop: 128,
  padding: "zeros",
  bands: 40,
  maximumHz: 3000,
  scale: "slaney",
  norm: "area",
};
/** librosa works in float32; decibels 50 below the maximum carry about 1e-4. */
const tolerance = 1e-3;

function column(map: { data: Float32Array; frames: number }, frame: number): number[] {
  return [0, 3, 9, 19, 39].map((row) => map.data[row * map.frames + frame]!);
}

describe("logMel", () => {
  // librosa 0.11.0, NumPy 2.4, made_up as in mfcc.test.ts:
  //   S = librosa.feature.melspectrogram(y=made_up(4000), sr=8000, n_fft=512, hop_length=128, n_mels=40, fmax=3000)
  //   d = librosa.power_to_db(S, ref=np.max, top_db=80); d[[0, 3, 9, 19, 39], 0 and 16 and 31], d[:20].mean(), d.mean()
  it("equals librosa relative to the maximum", () => {
    const map = logMel({ ...options, reference: "max" }).compute(madeUp(4000));
    expect([map.rows, map.frames]).toEqual([40, 32]);
    const expected = [
      [-10.340415954589844, -11.783205032348633, -48.96381378173828, -51.291969299316406, -43.96106719970703],
      [-49.730438232421875, -41.538429260253906, -52.400177001953125, -16.31855583190918, -41.82391357421875],
      [-39.144412994384766, -40.108070373535156, -35.87725067138672, -38.27848815917969, -35.393348693847656],
    ];
    [0, 16, 31].forEach((frame, i) => {
      expect(largestDifference(column(map, frame), expected[i]!)).toBeLessThan(tolerance);
    });
    const mean = (data: Float32Array) => data.reduce((sum, x) => sum + x, 0) / data.length;
    expect(mean(map.data)).toBeCloseTo(-39.14023971557617, 3);

    const kept = logMel({ ...options, reference: "max", keptBands: 20 }).compute(madeUp(4000));
    expect([kept.rows, kept.frames, kept.data]).toEqual([20, 32, map.data.subarray(0, 20 * 32)]);
    expect(mean(kept.data)).toBeCloseTo(-40.28818893432617, 3);
  });

  // ref=1.0, top_db=None: d[[0, 3, 9, 19, 39], 16]; top_db=60: d.mean(); htk=True, norm=None, top_db=80: d[..., 16]
  it("equals librosa with a fixed reference, another range, another scale", () => {
    const free = logMel({ ...options, rangeDb: null }).compute(madeUp(4000));
    const expected = [-34.167274475097656, -25.975263595581055, -36.837013244628906, -0.7553913593292236, -26.26074982];
    expect(largestDifference(column(free, 16), expected)).toBeLessThan(tolerance);
    const near = logMel({ ...options, rangeDb: 60 }).compute(madeUp(4000));
    expect(near.data.reduce((sum, x) => sum + x, 0) / near.data.length).toBeCloseTo(-23.551082611083984, 3);
    const htk = logMel({ ...options, scale: "htk", norm: "none" }).compute(madeUp(4000));
    const htkExpected = [
      -17.075801849365234, -23.619064331054688, -21.795236587524414, -6.678114891052246, -4.761613368988037,
    ];
    expect(largestDifference(column(htk, 16), htkExpected)).toBeLessThan(tolerance);
  });

  it("is 0 dB everywhere for silence relative to its maximum, as librosa has it", () => {
    const { data } = logMel({ ...options, reference: "max" }).compute(new Float32Array(1000));
    expect(data.every((value) => value === 0)).toBe(true);
  });

  it("has one digest text for equal options and another for each different one", () => {
    const text = digestText(logMel(options));
    expect(digestText(logMel({ ...options, windowSize: 512, keptBands: 40, minimumHz: 0, reference: 1 }))).toBe(text);
    const others: Partial<LogMelOptions>[] = [
      { keptBands: 39 },
      { reference: "max" },
      { scale: "htk" },
      { norm: "none" },
    ];
    expect(new Set(others.map((other) => digestText(logMel({ ...options, ...other })))).size).toBe(others.length);
  });

  it("refuses bands to keep that are not there", () => {
    for (const keptBands of [0, 41, 1.5]) expect(() => logMel({ ...options, keptBands })).toThrow(RangeError);
  });
});
