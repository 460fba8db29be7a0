import { describe, expect, it } from "vitest";
import { LevelMeter, measureLevels } from "../../src/audio/levels.js";

/** A sine, limited on both sides, with a gap of zeros. */
function faulty(): Int16Array {
  const samples = Int16Array.from({ length: 4000 }, (_, i) => {
    const value = Math.round(12000 * Math.sin(2 * Math.PI * i * 0.0123) + 300);
    return Math.max(-11000, Math.min(11500, value));
  });
  return samples.fill(0, 700, 1300).fill(0, 2000, 2002);
}

describe("measureLevels", () => {
  // NumPy 2:
  //   x = np.round(12000 * np.sin(2 * np.pi * np.arange(4000) * 0.0123) + 300).astype(np.int16)
  //   x = np.clip(x, -11000, 11500); x[700:1300] = 0; x[2000:2002] = 0
  //   def runs(mask):
  //       edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
  //       lengths = edges[1::2] - edges[::2]
  //       return lengths[lengths >= 3]
  //   high, low, zero = runs(x == x.max()), runs(x == x.min()), runs(x == 0); y = x / 32768
  //   np.abs(y).max(), np.sqrt((y**2).mean()), y.mean(), high.sum() + low.sum(), max(high.max(), low.max()),
  //   zero.sum(), zero.max()
  it("equals NumPy's figures", () => {
    const levels = measureLevels(faulty(), 32768);
    expect(levels).toMatchObject({ frames: 4000, peak: 0.3509521484375, longestClipped: 10, longestSilent: 600 });
    expect(levels.rms).toBeCloseTo(0.23416248530077474, 12);
    expect(levels.dcOffset).toBeCloseTo(0.010459945678710938, 12);
    expect(levels.clippedShare).toBe(765 / 4000);
    expect(levels.silentShare).toBe(600 / 4000);
  });

  it("is the same for decoded samples, and however they are cut into blocks", () => {
    const decoded = Float32Array.from(faulty(), (sample) => sample / 32768);
    const whole = measureLevels(decoded);
    expect(whole.clippedShare).toBe(765 / 4000);
    for (const length of [1, 7, 650, 3999]) {
      const meter = new LevelMeter();
      for (let at = 0; at < decoded.length; at += length) meter.add(decoded.subarray(at, at + length));
      const { rms, dcOffset, ...rest } = meter.result();
      expect(whole).toMatchObject(rest);
      expect(rms).toBeCloseTo(whole.rms, 12);
      expect(dcOffset).toBeCloseTo(whole.dcOffset, 12);
    }
  });

  const of = (...samples: number[]) => measureLevels(Float32Array.from(samples));
  it("counts runs at the extremes only, of three samples or more", () => {
    expect(of(0.5, 0.5, 0.5, 0.25, -0.5, -0.5, -0.5, -0.5)).toMatchObject({ clippedShare: 7 / 8, longestClipped: 4 });
    expect(of(0.5, 0.5, 0.5, 0.75, -0.5)).toMatchObject({ clippedShare: 0, longestClipped: 0 });
    expect(of(0.5, 0.5, 0.25, 0.5, 0.5, -1)).toMatchObject({ clippedShare: 0 });
    // The low run comes first, when it is the highest too.
    expect(of(-0.5, -0.5, -0.5, 0.75, 0.75, 0.75, 0.1)).toMatchObject({ clippedShare: 6 / 7 });
    expect(of(0.5, 0.5, 0.5, 0.5)).toMatchObject({ clippedShare: 1, dcOffset: 0.5, rms: 0.5 });
  });

  it("takes zeros for silence, never for clipping", () => {
    const silent = { frames: 4, peak: 0, rms: 0, dcOffset: 0, clippedShare: 0, longestClipped: 0 };
    expect(of(0, 0, 0, 0)).toEqual({ ...silent, silentShare: 1, longestSilent: 4 });
    expect(of(0, 0, 0, 0.5, 0.25, 0)).toMatchObject({ clippedShare: 0, silentShare: 0.5, longestSilent: 3 });
  });

  it("refuses no samples and samples that are not finite", () => {
    expect(() => of()).toThrow(new RangeError("levels: there are no samples"));
    for (const bad of [Number.NaN, Infinity, -Infinity]) expect(() => of(0, bad, 0)).toThrow("finite numbers");
  });
});
