import { describe, expect, it } from "vitest";
import { bandPower } from "../../src/features/bandPower.js";
import { GammatoneFilterBank, gammatoneCentresHz } from "../../src/features/gammatone.js";
import { Stft } from "../../src/features/stft.js";
import { madeUp } from "./madeUp.js";

const options = { sampleRateHz: 10_000, fftSize: 1024, bands: 84, minimumHz: 32.7, maximumHz: 3000 };

describe("GammatoneFilterBank", () => {
  // nnAudio 0.3.4, torch 2.15: made_up as in stft.test.ts
  //   Gammatonegram(sr=10000, n_fft=1024, n_bins=84, hop_length=128, fmin=32.7, fmax=3000)(torch.from_numpy(made_up(4000))[None])
  //   [0][[0, 20, 60, 83]][:, [0, 15, 31]]
  it("equals nnAudio", () => {
    const stft = new Stft({ fftSize: 1024, windowSize: 1024, hop: 128, padding: "reflect" });
    const { values, frames, stride } = bandPower(madeUp(4000), stft, new GammatoneFilterBank(options), "test");
    expect(frames).toBe(32);
    const theirs = [
      [0.5934985280036926, 8.64304238368268e-5, 4.5956629037391394e-5],
      [4.995841026306152, 0.0006596891907975078, 0.0005084625445306301],
      [0.01206329558044672, 10.864785194396973, 0.0106818163767457],
      [0.012720300815999508, 0.04268113151192665, 3.831429958343506],
    ];
    [0, 20, 60, 83].forEach((band, i) => {
      [0, 15, 31].forEach((frame, j) => {
        expect(values[band * stride + frame]! / theirs[i]![j]!).toBeCloseTo(1, 4);
      });
    });
  });

  it("is centred where papers.md says, and has a weight of 1 / fftSize there", () => {
    const centres = gammatoneCentresHz(options);
    expect(centres[0]).toBeCloseTo(32.7, 10);
    expect(centres[83]).toBeCloseTo(2904.8, 1);
    // A transform so long that a bin lies within a tenth of a hertz of every centre.
    const long = new GammatoneFilterBank({ ...options, fftSize: 65_536, bands: 3 });
    const some = gammatoneCentresHz({ ...options, bands: 3 });
    long.dense().forEach((row, band) => {
      const peak = row.reduce((a, b) => Math.max(a, b));
      expect(65_536 * row[Math.round((some[band]! * 65_536) / 10_000)]!).toBeCloseTo(1, 3);
      expect(65_536 * peak).toBeLessThan(1.001);
    });
  });

  it("refuses ranges and band counts that make no filters", () => {
    expect(() => new GammatoneFilterBank({ ...options, maximumHz: 5001 })).toThrow(/0 to 5000 Hz/);
    expect(() => new GammatoneFilterBank({ ...options, bands: 0 })).toThrow(/bands/);
  });
});
