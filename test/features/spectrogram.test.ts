import { describe, expect, it } from "vitest";
import { type SpectrogramOptions, spectrogram } from "../../src/features/spectrogram.js";
import { largestDifference, madeUp } from "./madeUp.js";

const options: SpectrogramOptions = {
  sampleRateHz: 8000,
  fftSize: 256,
  hop: 64,
  padding: "none",
  quantity: "power",
};

describe("spectrogram", () => {
  // librosa 0.11.0: made_up as in stft.test.ts
  //   np.abs(librosa.stft(made_up(40).astype(np.float64), n_fft=32, hop_length=8, center=False, window="hamming"))[[0, 3, 16]].T
  it("equals librosa's magnitudes without padding, with a named window", () => {
    const front = spectrogram({ ...options, fftSize: 32, hop: 8, window: "hamming", quantity: "magnitude" });
    const { data, rows, frames } = front.compute(madeUp(40));
    expect([rows, frames]).toEqual([17, 2]);
    const ours = [0, 1].flatMap((frame) => [0, 3, 16].map((bin) => data[bin * frames + frame]!));
    const theirs = [
      5.738498709498179, 0.23877698648799536, 0.08308212645067492, 5.360418096495206, 0.2452445358471663,
      0.04401425204570408,
    ];
    expect(largestDifference(ours, theirs)).toBeLessThan(3e-6);
  });

  it("holds the energy of each frame (Parseval), with a rectangular window", () => {
    const samples = madeUp(256 + 64 * 5);
    const { data, rows, frames } = spectrogram({ ...options, window: "rectangular" }).compute(samples);
    expect(frames).toBe(6);
    for (let frame = 0; frame < frames; frame++) {
      let energy = 0;
      for (let n = 0; n < 256; n++) energy += samples[frame * 64 + n]! ** 2;
      let power = 0;
      for (let bin = 0; bin < rows; bin++) {
        power += data[bin * frames + frame]! * (bin === 0 || bin === rows - 1 ? 1 : 2);
      }
      // 130 bins, each with an error of 1e-7 of their root mean square.
      expect(power / (256 * energy)).toBeCloseTo(1, 5);
    }
  });

  it("grows with the square of the amplitude, and moves by a frame where the sound moves by a hop", () => {
    const front = spectrogram(options);
    const samples = madeUp(1000);
    const map = front.compute(samples);
    const louder = front.compute(samples.map((value) => 4 * value));
    expect(louder.data).toEqual(map.data.map((value) => 16 * value)); // powers of two are exact
    const later = front.compute(samples.subarray(64));
    expect(later.frames).toBe(map.frames - 1);
    for (let bin = 0; bin < map.rows; bin++) {
      const row = later.data.subarray(bin * later.frames, (bin + 1) * later.frames);
      expect(row).toEqual(map.data.subarray(bin * map.frames + 1, (bin + 1) * map.frames));
    }
  });

  it("counts frames, and has none where none fits in", () => {
    const front = spectrogram(options);
    expect([1, 255, 256, 319, 320, 1000].map((count) => front.frames(count))).toEqual([0, 0, 1, 1, 2, 12]);
    expect(front.compute(new Float32Array(255)).data.length).toBe(0);
    const centred = spectrogram({ ...options, padding: "reflect" });
    expect([1, 63, 64, 1000].map((count) => centred.frames(count))).toEqual([1, 1, 2, 16]);
  });

  it("is 80 dB below the maximum at most, keeps the lowest bins, and is finite for silence and one sample", () => {
    const front = spectrogram({ ...options, padding: "zeros", quantity: "decibel", keptBins: 40 });
    const { data, rows } = front.compute(madeUp(1000));
    expect(rows).toBe(40);
    expect(data.reduce((a, b) => Math.max(a, b))).toBe(0);
    expect(data.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(-80);
    expect(front.compute(new Float32Array(300)).data.every((value) => value === 0)).toBe(true);
    expect(front.compute(Float32Array.of(0.3)).data.every(Number.isFinite)).toBe(true);
  });

  it("refuses what is no number, naming the sample, and options that do not fit", () => {
    const samples = madeUp(1000);
    samples[700] = Number.NaN;
    expect(() => spectrogram(options).compute(samples)).toThrow(/spectrogram: sample 700 is NaN/);
    samples[700] = 3e38;
    expect(() => spectrogram(options).compute(samples)).toThrow(/too large/);
    expect(() => spectrogram({ ...options, keptBins: 130 })).toThrow(/from 1 to 129, got 130/);
    expect(() => spectrogram({ ...options, quantity: "loudness" as never })).toThrow(/loudness/);
  });
});
