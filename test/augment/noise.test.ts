import { describe, expect, test } from "vitest";
import { type NoiseOptions, noise } from "../../src/augment/noise.js";
import { Streams } from "../../src/random/streams.js";
import { madeUp, rms } from "./madeUp.js";

const silence = (count: number) => ({ samples: new Float32Array(count), sampleRateHz: 4000 });
const rng = (index = 0) => new Streams(3).stream("augment", index);
/** The noise itself, in the zone of a silent clip. */
function alone(options: NoiseOptions, count: number, seed = 5): Float32Array {
  const { samples } = noise(options).apply(silence(count), { seed, snrDb: null });
  return samples.slice(Math.trunc(count * 0.2), Math.trunc(count * 0.8));
}

describe("noise", () => {
  test.each(["white", "library"] as const)("%s: deviation 1 / sqrt(samples), mean 0", (form) => {
    for (const count of [28_000, 32_001]) {
      const found = alone({ form }, count);
      const deviation = 1 / Math.sqrt(found.length);
      // Four standard deviations of the estimates; half of the library's samples are copies.
      expect(Math.abs(rms(found) / deviation - 1)).toBeLessThan(4 / Math.sqrt(found.length));
      const mean = found.reduce((sum, x) => sum + x, 0) / found.length;
      expect(Math.abs(mean)).toBeLessThan((4 * Math.SQRT2 * deviation) / Math.sqrt(found.length));
    }
  });

  test("the sheet's levels: 0.0072 at 4 kHz and 8 s, 0.0046 at 10 kHz and 8 s", () => {
    expect(rms(alone({ form: "library" }, 32_000))).toBeCloseTo(0.0072, 3);
    expect(rms(alone({ form: "library" }, 80_000))).toBeCloseTo(0.0046, 3);
  });

  test("the library's is symmetric in time, and leaves the last sample of an odd zone; white noise is neither", () => {
    const even = alone({ form: "library" }, 1000);
    for (let n = 1; n < 600; n++) expect(even[n]).toBe(even[600 - n]);
    const odd = alone({ form: "library" }, 1005);
    expect(odd).toHaveLength(603);
    expect(odd[602]).toBe(0);
    for (let n = 1; n < 602; n++) expect(odd[n]).toBe(odd[602 - n]);
    const white = alone({}, 1000);
    const copies = white.filter((value, n) => n > 0 && n !== 300 && value === white[600 - n]);
    expect(copies).toHaveLength(0);
  });

  test("white noise is uncorrelated: lags 1 to 5 within four standard deviations", () => {
    const white = alone({}, 28_000);
    const power = rms(white) ** 2;
    for (let lag = 1; lag <= 5; lag++) {
      let sum = 0;
      for (let n = lag; n < white.length; n++) sum += white[n]! * white[n - lag]!;
      expect(Math.abs(sum / white.length / power)).toBeLessThan(4 / Math.sqrt(white.length));
    }
  });

  test("snrDb sets the level by the zone's own; pinned", () => {
    const augmentation = noise({ snrDb: [12, 12], zone: [0, 1] });
    const clip = { samples: madeUp(28_000), sampleRateHz: 4000 };
    const drawn = augmentation.draw(rng());
    expect(drawn.snrDb).toBe(12);
    const added = augmentation.apply(clip, drawn).samples.map((x, n) => x - clip.samples[n]!);
    // Four standard deviations of the level of 28,000 samples: 4 * 4.34 * sqrt(2 / 28000).
    expect(Math.abs(20 * Math.log10(rms(clip.samples) / rms(added)) - 12)).toBeLessThan(0.15);
    expect(augmentation.apply(silence(50), drawn).samples).toEqual(new Float32Array(50));
    expect(augmentation.describe(drawn)).toBe("noise at 12.0 dB below the signal");
  });

  test("the first and last fifth stay; the clip given is left alone; another seed, another noise", () => {
    const clip = { samples: madeUp(1000), sampleRateHz: 4000 };
    const out = noise().apply(clip, { seed: 5, snrDb: null }).samples;
    expect(clip.samples).toEqual(madeUp(1000));
    expect(out.slice(0, 200)).toEqual(clip.samples.slice(0, 200));
    expect(out.slice(800)).toEqual(clip.samples.slice(800));
    expect(out).not.toEqual(noise().apply(clip, { seed: 6, snrDb: null }).samples);
    expect(noise().draw(rng(1))).not.toEqual(noise().draw(rng(2)));
  });

  test("clips of a few samples", () => {
    for (const form of ["white", "library"] as const)
      for (let count = 0; count < 8; count++) {
        const { samples } = noise({ form }).apply(silence(count), { seed: 1, snrDb: null });
        expect(samples).toHaveLength(count);
        expect(samples.every(Number.isFinite)).toBe(true);
      }
  });

  test("refused: a level for the library's form, no zone, no form", () => {
    expect(() => noise({ form: "library", snrDb: [1, 2] })).toThrow("the library's form has no snrDb");
    expect(() => noise({ zone: [0.8, 0.2] })).toThrow("[from, to] with 0 <= from <= to <= 1, got [0.8, 0.2]");
    expect(() => noise({ form: "pink" as "white" })).toThrow('"white" or "library", got "pink"');
  });
});
