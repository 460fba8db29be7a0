import { describe, expect, test } from "vitest";
import { pitch, pitchShift } from "../../src/augment/pitch.js";
import { Streams } from "../../src/random/streams.js";
import { farthest, madeUp, pick, rms, strongest, tone } from "./madeUp.js";

// librosa 0.11.0, soxr 1.1.0; a chirp from 100 to 340 Hz, so that both resamplers pass all of it:
//   t = np.arange(4800) / 4000
//   z = (0.3 * np.sin(2 * np.pi * (100 * t + 100 * t * t))).astype(np.float32).astype(np.float64)
//   y = librosa.effects.pitch_shift(z, sr=4000, n_steps=n); np.sqrt(np.mean(y * y)), pick(y[100:-100])
const LIBROSA: [semitones: number, rms: number, picked: number[]][] = [
  [
    -1,
    0.1891082,
    [
      0.149709, -0.2734027, -0.182358, 0.2348677, 0.2333748, 0.2251006, -0.1624587, -0.2428786, 0.1495187, -0.255448,
      -0.2490608, 0.2005196,
    ],
  ],
  [
    3,
    0.1477234,
    [
      0.123742, 0.1312307, 0.2078101, -0.07096288, 0.06072446, -0.1655628, 0.2084768, 0.03704319, 0.06599566,
      -0.07126072, 0.05063073, 0.03211655,
    ],
  ],
  [
    2.5,
    0.1500493,
    [
      -0.04837267, -0.2248803, 0.1468184, 0.02255345, 0.1442327, 0.1328931, 0.1730243, -0.1791739, -0.1123098, 0.124223,
      0.1678145, -0.02278728,
    ],
  ],
];
const chirp = Float32Array.from({ length: 4800 }, (_, n) => {
  const t = n / 4000;
  return 0.3 * Math.sin(2 * Math.PI * (100 * t + 100 * t * t));
});

describe("pitch shift", () => {
  // Ripple and table of our resampler are each 1e-5 of the signal's 0.4 at most, soxr's own less.
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
    expect(farthest(pitch().apply(clip, { semitones: 0 }).samples, clip.samples)).toBeLessThan(1e-7);
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
