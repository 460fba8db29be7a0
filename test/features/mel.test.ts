import { describe, expect, it } from "vitest";
import { hzToMel, MelFilterBank, melToHz } from "../../src/features/mel.js";
import { largestDifference } from "./madeUp.js";

const supcon = { sampleRateHz: 8000, fftSize: 512, bands: 128, minimumHz: 0, maximumHz: 4000 };
const multibreath = { sampleRateHz: 16000, fftSize: 1024, bands: 64, minimumHz: 50, maximumHz: 2000 };
const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe("MelFilterBank", () => {
  // librosa 0.10.2:
  //   b = librosa.filters.mel(sr=8000, n_fft=512, n_mels=128, dtype=np.float64)
  //   b.sum(1)[[0, 1, 20, 64, 127]]; b[0, :4]; b[64][b[64] > 0]; np.argmax(b[64] > 0); np.count_nonzero(b); b.sum()
  it("equals librosa's Slaney filters with area norm", () => {
    const rows = new MelFilterBank({ ...supcon, scale: "slaney", norm: "area" }).dense();
    const sums = [0.0627423063, 0.0627423063, 0.0627423063, 0.0668105902, 0.0638174384];
    expect(
      largestDifference(
        [0, 1, 20, 64, 127].map((i) => sum(rows[i]!)),
        sums,
      ),
    ).toBeLessThan(1e-10);
    expect(largestDifference(rows[0]!.subarray(0, 4), [0, 0.0473141827, 0.0154281236, 0])).toBeLessThan(1e-10);
    const row64 = [0.00870070002, 0.0396006255, 0.0185092647];
    expect(largestDifference(rows[64]!.subarray(76, 79), row64)).toBeLessThan(1e-10);
    expect(sum(rows.map((row) => row.filter((weight) => weight > 0).length))).toBe(505);
    expect(sum(rows.map(sum))).toBeCloseTo(8.188532699862641, 10);
  });

  // h = librosa.filters.mel(sr=16000, n_fft=1024, n_mels=64, fmin=50, fmax=2000, htk=True, norm=None, dtype=np.float64)
  it("equals librosa's HTK filters without norm", () => {
    const rows = new MelFilterBank({ ...multibreath, scale: "htk", norm: "none" }).dense();
    const sums = [0.970465489, 0.991070011, 1.47025059, 3.30211745];
    expect(
      largestDifference(
        [0, 1, 20, 63].map((i) => sum(rows[i]!)),
        sums,
      ),
    ).toBeLessThan(1e-8);
    const row63 = [0.205118347, 0.507582311, 0.810046275, 0.889685259, 0.593123506, 0.296561753];
    expect(largestDifference(rows[63]!.subarray(122, 128), row63)).toBeLessThan(1e-8);
    expect(sum(rows.map((row) => row.filter((weight) => weight > 0).length))).toBe(244);
    expect(sum(rows.map(sum))).toBeCloseTo(122.61680169950893, 8);
  });

  it("applies the filters as a matrix product would", () => {
    const bank = new MelFilterBank({ ...supcon, scale: "slaney", norm: "area" });
    // Frames around the four that are gathered at once, and a shorter clip after a longer one.
    for (const frames of [6, 4, 1]) {
      const spectra = Array.from({ length: frames }, (_, frame) =>
        Float32Array.from({ length: 257 }, (_, k) => 1 + ((k * (37 + frame)) % 11)),
      );
      const stride = bank.open(frames);
      spectra.forEach((spectrum, frame) => {
        bank.add(spectrum, frame);
      });
      const levels = bank.levels();
      expect(levels.length).toBe(bank.bands * stride);
      bank.dense().forEach((row, band) => {
        const expected = spectra.map((spectrum) => sum(row.map((weight, k) => weight * spectrum[k]!)));
        const ours = levels.subarray(band * stride, (band + 1) * stride);
        // Single precision, of sums below 1.
        expect(largestDifference(ours.subarray(0, frames), expected)).toBeLessThan(3e-7);
        expect(ours.subarray(frames).every((value) => value === 0)).toBe(true);
      });
    }
  });

  it("refuses ranges and band counts that make no filters", () => {
    const good = { ...supcon, scale: "slaney", norm: "area" } as const;
    expect(() => new MelFilterBank({ ...good, maximumHz: 4001 })).toThrow(/0 to 4001 Hz is not a range/);
    expect(() => new MelFilterBank({ ...good, minimumHz: 4000 })).toThrow(/not a range/);
    expect(() => new MelFilterBank({ ...good, minimumHz: Number.NaN })).toThrow(/not a range/);
    expect(() => new MelFilterBank({ ...good, bands: 0 })).toThrow(/bands/);
    expect(() => new MelFilterBank({ ...good, bands: 400 })).toThrow(/holds no bin/);
  });
});

describe("mel scales", () => {
  // librosa.mel_frequencies(6, fmin=0, fmax=4000); librosa.mel_frequencies(6, fmin=50, fmax=2000, htk=True)
  it("equal librosa's", () => {
    const spaced = (low: number, high: number, scale: "htk" | "slaney") =>
      Array.from({ length: 6 }, (_, i) => {
        const [from, to] = [hzToMel(low, scale), hzToMel(high, scale)];
        return melToHz(from + (i * (to - from)) / 5, scale);
      });
    const slaney = [0, 468.850138, 937.700275, 1520.84477, 2466.45071, 4000];
    const htk = [50, 268.995507, 551.936391, 917.494318, 1389.79297, 2000];
    expect(largestDifference(spaced(0, 4000, "slaney"), slaney)).toBeLessThan(1e-5);
    expect(largestDifference(spaced(50, 2000, "htk"), htk)).toBeLessThan(1e-5);
  });
});
