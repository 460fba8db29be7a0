import { describe, expect, it } from "vitest";
import { Cqt } from "../../src/features/cqt.js";
import { frequencySampledFilter } from "../../src/features/firwin2.js";
import { largestDifference, madeUp } from "./madeUp.js";

const options = { sampleRateHz: 10_000, hop: 128, minimumHz: 32.7, bins: 84, binsPerOctave: 12 };

describe("Cqt", () => {
  // nnAudio 0.3.4, torch 2.15: c = CQT2010v2(sr=10000, hop_length=128, fmin=32.7, n_bins=84)
  it("equals nnAudio", () => {
    // made_up as in stft.test.ts; c(torch.from_numpy(made_up(16000))[None])[0][[0, 12, 40, 71, 72, 83]][:, [0, 60, 125]]
    const chirp = [
      [0.07820411026477814, 0.006994904950261116, 2.535107374191284],
      [0.13601505756378174, 0.003757919417694211, 0.4206709861755371],
      [0.16973745822906494, 0.006954026408493519, 0.16823765635490417],
      [0.04530255123972893, 0.013332216069102287, 0.03866589441895485],
      [0.018565738573670387, 0.01118076778948307, 0.016011221334338188],
      [0.0295594222843647, 0.01761399209499359, 0.0012436055112630129],
    ];
    const map = new Cqt(options).magnitudes(madeUp(16_000));
    expect(map.length).toBe(84 * 126);
    const ours = [0, 12, 40, 71, 72, 83].flatMap((bin) => [0, 60, 125].map((frame) => map[bin * 126 + frame]!));
    // Both in single precision: 1e-7 of sums of some hundred values of 1.
    expect(largestDifference(ours, chirp.flat())).toBeLessThan(1e-5);
  });

  it("equals nnAudio for an impulse, the delay of each halving included", () => {
    // x = np.zeros(16000); x[8000] = 1; c(...)[0][[12, 47, 83]][:, [61, 62, 63]]
    const impulse = [
      [0.03704339265823364, 0.03889644145965576, 0.038903798907995224],
      [0.00026899820659309626, 0.0741942822933197, 0.07511283457279205],
      [0, 0, 0],
    ];
    const samples = new Float32Array(16_000);
    samples[8000] = 1;
    const map = new Cqt(options).magnitudes(samples);
    const ours = [12, 47, 83].flatMap((bin) => [61, 62, 63].map((frame) => map[bin * 126 + frame]!));
    expect(largestDifference(ours, impulse.flat())).toBeLessThan(1e-7);
  });

  it("has its maximum at a tone's own bin", () => {
    const cqt = new Cqt(options);
    for (const bin of [5, 30, 60, 83]) {
      const hz = 32.7 * 2 ** (bin / 12);
      const tone = Float32Array.from({ length: 40_000 }, (_, n) => Math.sin((2 * Math.PI * hz * n) / 10_000));
      const map = cqt.magnitudes(tone);
      const frames = cqt.frames(40_000);
      const column = Array.from({ length: 84 }, (_, row) => map[row * frames + 150]!);
      expect(column.indexOf(Math.max(...column))).toBe(bin);
    }
  });

  it("takes part of an octave, and a clip of any length", () => {
    const part = new Cqt({ ...options, minimumHz: 32.7 * 2 ** (70 / 12), bins: 14 }).magnitudes(madeUp(4000));
    const whole = new Cqt(options).magnitudes(madeUp(4000));
    expect(largestDifference(part.subarray(2 * 32), whole.subarray(72 * 32))).toBeLessThan(1e-6);
    for (const length of [1, 2, 100, 129]) {
      expect(new Cqt(options).magnitudes(madeUp(length)).every(Number.isFinite)).toBe(true);
    }
    expect(new Cqt(options).magnitudes(new Float32Array(1000)).every((value) => value === 0)).toBe(true);
  });

  it("refuses what it cannot do", () => {
    expect(() => new Cqt({ ...options, bins: 90 })).toThrow(/do not lie within 0 to 5000 Hz/);
    expect(() => new Cqt({ ...options, hop: 96 })).toThrow(/divisible by 64 for 7 octaves: 96/);
    expect(() => new Cqt({ ...options, bins: 0 })).toThrow(/bins/);
    expect(() => new Cqt(options).magnitudes(new Float32Array(0), "x")).toThrow(/x: a clip of 0 samples/);
    expect(() => new Cqt(options).magnitudes(Float32Array.of(0, Number.NaN), "x")).toThrow(/x: sample 1 is NaN/);
  });
});

describe("frequencySampledFilter", () => {
  // SciPy 1.17: scipy.signal.firwin2(16, [0, .4, .6, 1], [1, 1, 0, 0])[:8]
  it("equals SciPy's firwin2", () => {
    const half = [
      -0.000630989265387846, -0.001669015476020968, 0.005166644250577764, 0.01349093099477747, -0.03013545837813895,
      -0.06191119159198258, 0.131491239084733, 0.44366704471215607,
    ];
    const filter = frequencySampledFilter(16, [0, 0.4, 0.6, 1], [1, 1, 0, 0]);
    expect(largestDifference(filter, [...half, ...half.slice().reverse()])).toBeLessThan(1e-14);
  });
});
