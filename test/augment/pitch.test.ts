import { describe, expect, test } from "vitest";
import { pitch, pitchShift } from "../../src/augment/pitch.js";
import { Streams } from "../../src/random/streams.js";
import { farthest, lcg, madeUp, pick, rms, strongest, tone } from "./madeUp.js";

// librosa 0.11.0, soxr 1.1.0, with the functions above `madeUp`; a chirp from 100 to 340 Hz in faint noise:
//   t = np.arange(4800) / 4000
//   z = (0.3 * np.sin(2 * np.pi * (100 * t + 100 * t * t)) + 0.01 * lcg(4800)).astype(np.float32).astype(np.float64)
//   y = librosa.effects.pitch_shift(z, sr=4000, n_steps=n); np.sqrt(np.mean(y * y)), pick(y[100:-100])
const LIBROSA: [semitones: number, rms: number, picked: number[]][] = [
  [
    -1,
    0.1890551,
    [
      0.1427178, -0.2705872, -0.1737835, 0.2412228, 0.2414063, 0.2233815, -0.1594942, -0.2402642, 0.1359636, -0.2485842,
      -0.2617089, 0.2011846,
    ],
  ],
  [
    3,
    0.1492273,
    [
      0.1248272, 0.1400517, 0.2094778, -0.06555881, 0.1120938, -0.153048, 0.1582427, -0.0905553, 0.2224524, 0.004021549,
      -0.1816753, -0.1030946,
    ],
  ],
  [
    2.5,
    0.1527688,
    [
      -0.04546774, -0.2126592, 0.1543446, 0.03514572, 0.1180109, 0.0944246, 0.1268259, -0.1716367, 0.1075174, 0.1960271,
      -0.09779669, -0.1810763,
    ],
  ],
];
const faint = lcg(4800);
const chirp = Float32Array.from(faint, (noise, n) => {
  const t = n / 4000;
  return 0.3 * Math.sin(2 * Math.PI * (100 * t + 100 * t * t)) + 0.01 * noise;
});

describe("pitch shift", () => {
  // Bins as faint as the noise, 0.0001 to 0.01 of the strongest, have phases good to 1e-5 to 1e-3 in float32, and their
  // share of the signal; resamplers add 1e-5 of the noise.
  test.each(LIBROSA)("by %d semitones is librosa's", (semitones, level, picked) => {
    const shifted = pitchShift(chirp, semitones);
    expect(shifted).toHaveLength(4800);
    expect(rms(shifted)).toBeCloseTo(level, 6);
    expect(farthest(pick(shifted.slice(100, -100)), picked)).toBeLessThan(1e-5);
  });

  test("moves a tone by 2^(semitones / 12), whatever the sample rate", () => {
    for (const semitones of [-10, -1, 2, 7]) {
      const shifted = pitchShift(tone(12000, 440, 8000), semitones).slice(2000, -2000);
      const { hz, amplitude } = strongest(shifted, 8000, 200, 800);
      expect(Math.abs(hz - 440 * 2 ** (semitones / 12))).toBeLessThanOrEqual(0.5); // the grid of the search
      expect(amplitude).toBeGreaterThan(0.8);
      expect(amplitude).toBeLessThan(1.05);
    }
  });

  test("of the zone only; by 0 semitones nothing changes", () => {
    const clip = { samples: madeUp(5000), sampleRateHz: 4000 };
    const up = pitch().apply(clip, { semitones: 4 }).samples;
    expect(up.slice(0, 1000)).toEqual(clip.samples.slice(0, 1000));
    expect(up.slice(4000)).toEqual(clip.samples.slice(4000));
    expect(farthest(up.slice(1000, 4000), clip.samples.slice(1000, 4000))).toBeGreaterThan(0.1);
    expect(farthest(pitch().apply(clip, { semitones: 0 }).samples, clip.samples)).toBeLessThan(1e-6);
  });

  test("pinned", () => {
    const drawn = pitch({ semitones: [2.5, 2.5] }).draw(new Streams(1).stream("augment"));
    expect(drawn).toEqual({ semitones: 2.5 });
    expect(pitch().describe(drawn)).toBe("pitch +2.50 semitones from 20 % to 80 %");
    expect(() => pitch({ semitones: [3, -1] })).toThrow("must be [lowest, highest]");
  });

  test("silence and clips of a sample or none", () => {
    for (const count of [0, 1, 5, 3000]) {
      const { samples } = pitch().apply({ samples: new Float32Array(count), sampleRateHz: 4000 }, { semitones: -3 });
      expect(samples).toEqual(new Float32Array(count));
    }
  });
});
