import { describe, expect, test } from "vitest";
import { unwarped, warped, warpFrequencies } from "../../src/augment/frequencyWarp.js";
import { libraryVtlp, libraryVtlpBins } from "../../src/augment/libraryVtlp.js";
import { vtlp } from "../../src/augment/vtlp.js";
import { Streams } from "../../src/random/streams.js";
import { farthest, madeUp, pick, rms, strongest, tone } from "./madeUp.js";

describe("the warp of frequencies", () => {
  // nlpaug 1.1.11's formula within the band, which is Jaitly and Hinton's: 1000 Hz bends at 3200 Hz, end 4000 Hz.
  test("is factor times below the boundary, keeps the end, is continuous, rises and can be undone", () => {
    for (const factor of [0.9, 1, 1.1]) {
      const warp = { factor, boundary: 3200, end: 4000 };
      expect(warped(warp, 1000)).toBeCloseTo(1000 * factor, 9);
      expect(warped(warp, 4000)).toBe(4000);
      expect(warped(warp, 0)).toBe(0);
      for (let hz = 0; hz < 4000; hz += 10) {
        const rise = warped(warp, hz + 10) - warped(warp, hz);
        expect(rise).toBeGreaterThan(0);
        expect(rise).toBeLessThan(16);
        expect(unwarped(warp, warped(warp, hz))).toBeCloseTo(hz, 8);
      }
    }
  });

  test("moves a tone where the formula says, at every rate of the papers", () => {
    for (const [sampleRateHz, hz] of [
      [4000, 150],
      [4000, 400],
      [10000, 100],
      [16000, 630],
    ] as const) {
      for (const factor of [0.9, 1.1]) {
        const boundaryHz = Math.min(4800, 0.4 * sampleRateHz);
        const out = warpFrequencies(tone(16000, hz, sampleRateHz), sampleRateHz, factor, boundaryHz);
        const found = strongest(out.slice(5000, -5000), sampleRateHz, hz * 0.8, hz * 1.2);
        expect(Math.abs(found.hz - hz * factor)).toBeLessThanOrEqual(0.5); // the grid of the search
        expect(found.amplitude).toBeGreaterThan(0.8);
        expect(found.amplitude).toBeLessThan(1.1);
      }
    }
  });

  test("by 1 changes nothing but rounding; silence stays silence", () => {
    for (const count of [0, 1, 400, 3001]) {
      expect(farthest(warpFrequencies(madeUp(count), 4000, 1, 1600), madeUp(count))).toBeLessThan(1e-6);
      expect(warpFrequencies(new Float32Array(count), 4000, 1.1, 1600)).toEqual(new Float32Array(count));
    }
  });
});

describe("nlpaug's form", () => {
  // papers.md 6.7: effect on a low-frequency bin.
  test.each([
    [4000, [1, 1, 1, 1]],
    [10000, [0.41, 0.59, 1.43, 1.67]],
    [16000, [0.84, 0.92, 1.09, 1.17]],
    [22000, [0.87, 0.93, 1.07, 1.14]],
  ])("at %d Hz has the measured ratios for factors 0.90, 0.95, 1.05, 1.10", (sampleRateHz, ratios) => {
    const found = [0.9, 0.95, 1.05, 1.1].map((factor) => libraryVtlpBins(sampleRateHz, factor, 4800)[20]! / 20);
    for (const [i, ratio] of ratios.entries()) expect(Math.abs(found[i]! - ratio)).toBeLessThan(0.0051);
  });

  test("moves the bins where nlpaug does", () => {
    // f = nlpaug.model.audio.Vtlp.get_scale_factors(1025, sr, alpha=a); f *= 1024 / max(f); f[::128], nlpaug 1.1.11
    const nlpaug: [number, number, number[]][] = [
      [10000, 0.9, [0, 52.3636364, 104.727273, 157.090909, 232.727273, 430.545455, 628.363636, 826.181818, 1024]],
      [16000, 1.1, [0, 149.787234, 299.574468, 424.851064, 544.680851, 664.510638, 784.340426, 904.170213, 1024]],
    ];
    for (const [sampleRateHz, factor, bins] of nlpaug) {
      const found = libraryVtlpBins(sampleRateHz, factor, 4800).filter((_, i) => i % 128 === 0);
      expect(farthest(found, bins)).toBeLessThan(1e-6);
    }
  });

  // y = nlpaug.model.audio.Vtlp()._manipulate(made_up(4801)[:2600], sr, a); np.sqrt(np.mean(y * y)), pick(y)
  test.each([
    [
      10000,
      0.9,
      0.03319365,
      [
        0.055995, 0.02083388, 0.04242829, 0.02957171, -0.08501118, -0.006947749, 0.01060214, -0.04575405, 0.04080848,
        -0.03166658, -0.02714919, -0.005487166,
      ],
    ],
    [
      16000,
      1.05,
      0.1008172,
      [
        0.1085192, -0.05516195, 0.007313619, 0.01335502, -0.1415953, -0.08421504, -0.1209656, 0.03309328, -0.03793301,
        0.1541407, 0.08677931, -0.1510519,
      ],
    ],
    [
      4000,
      0.9,
      0.2194939,
      [
        -0.05270889, 0.133191, 0.3731758, 0.3684725, 0.1401812, -0.03679448, -0.3574796, -0.327295, 0.3278891,
        -0.2024334, -0.2009019, -0.3254658,
      ],
    ],
  ])("at %d Hz with factor %d gives nlpaug's samples", (sampleRateHz, factor, level, picked) => {
    const out = libraryVtlp(madeUp(4801).slice(0, 2600), sampleRateHz, factor, 4800);
    expect(out).toHaveLength(2560);
    expect(rms(out)).toBeCloseTo(level, 6);
    expect(farthest(pick(out), picked)).toBeLessThan(1e-6); // transforms in float32
  });

  test("is refused where its formula leaves the spectrum", () => {
    expect(() => libraryVtlp(madeUp(100), 9600, 0.9, 4800)).toThrow("moves bins out of the spectrum");
    expect(() => libraryVtlp(madeUp(100), 9200, 1.05, 4800)).toThrow("moves bins out of the spectrum");
  });
});

describe("vtlp", () => {
  const clip = { samples: madeUp(8000), sampleRateHz: 4000 };

  test("warps one tenth, at a place that is drawn", () => {
    const augmentation = vtlp({ factor: [1.1, 1.1] });
    for (const [place, start] of [
      [0, 0],
      [0.5, 3600],
      [1, 7200],
    ] as const) {
      const { samples } = augmentation.apply(clip, { place, factor: 1.1 });
      const changed = [...samples.keys()].filter((n) => samples[n] !== clip.samples[n]);
      expect(Math.min(...changed)).toBeGreaterThanOrEqual(start);
      expect(Math.max(...changed)).toBeLessThan(start + 800);
      expect(changed.length).toBeGreaterThan(780);
    }
    expect(augmentation.describe({ place: 0.5, factor: 1.1 })).toBe("frequencies x 1.100 from 45 % to 55 %");
  });

  test("pinned, and with the library's form a whole number of hops", () => {
    const drawn = vtlp({ factor: [0.95, 0.95] }).draw(new Streams(1).stream("augment"));
    expect(drawn.factor).toBe(0.95);
    const library = vtlp({ form: "library" }).apply(clip, { place: 0, factor: 1.1 }).samples;
    expect(library).toHaveLength(8000 - 800 + 512);
    // At 4 kHz nothing is warped: the part is as it was, but for its lost end.
    expect(farthest(library.slice(0, 512), clip.samples.slice(0, 512))).toBeLessThan(1e-6);
  });

  test("refused", () => {
    expect(() => vtlp({ coverage: 1.5 })).toThrow("coverage must be from 0 to 1, got 1.5");
    expect(() => vtlp({ boundaryHz: 0 })).toThrow("boundaryHz must be above 0, got 0");
    expect(() => vtlp().apply(clip, { place: 2, factor: 1 })).toThrow("place must be from 0 to 1, got 2");
    expect(() => vtlp().apply(clip, { place: 0, factor: 0 })).toThrow("factor must be above 0, got 0");
  });
});
