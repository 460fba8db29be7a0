import { describe, expect, it } from "vitest";
import { RealFft } from "../../src/audio/fft.js";
import { Streams } from "../../src/random/streams.js";
import { largestDifference } from "../features/madeUp.js";

/** The sum as it stands in the definition. */
function naiveDft(frame: Float64Array): { real: number[]; imaginary: number[] } {
  const real: number[] = [];
  const imaginary: number[] = [];
  for (let k = 0; k <= frame.length / 2; k++) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < frame.length; n++) {
      // The remainder keeps the angle small, so that the oracle itself is exact.
      const angle = (-2 * Math.PI * ((k * n) % frame.length)) / frame.length;
      re += frame[n]! * Math.cos(angle);
      im += frame[n]! * Math.sin(angle);
    }
    real.push(re);
    imaginary.push(im);
  }
  return { real, imaginary };
}

describe("RealFft", () => {
  for (const size of [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]) {
    it(`equals the naive transform at ${size} points, twice with the same buffers`, () => {
      const fft = new RealFft(size);
      for (const seed of [1, 2]) {
        const rng = new Streams(seed).stream("noise", size);
        const frame = Float64Array.from({ length: size }, () => rng.normal());
        fft.transform(frame);
        const expected = naiveDft(frame);
        // Values are about sqrt(size); rounding grows with its logarithm in ours, with its root in the oracle.
        expect(largestDifference(fft.real, expected.real)).toBeLessThan(1e-13 * size);
        expect(largestDifference(fft.imaginary, expected.imaginary)).toBeLessThan(1e-13 * size);
      }
    });
  }

  it("keeps the energy (Parseval) at 65,536 points", () => {
    const size = 65536;
    const rng = new Streams(3).stream("noise");
    const frame = Float64Array.from({ length: size }, () => rng.normal());
    const fft = new RealFft(size);
    fft.transform(frame);
    let energy = 0;
    for (let k = 0; k < fft.bins; k++) {
      energy += (k === 0 || k === size / 2 ? 1 : 2) * (fft.real[k]! ** 2 + fft.imaginary[k]! ** 2);
    }
    const expected = size * frame.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(energy / expected - 1)).toBeLessThan(1e-12);
  });

  it("refuses sizes that are no power of two, and frames of another size", () => {
    for (const size of [0, 1, 3, 500, 2.5, Number.NaN, -8]) expect(() => new RealFft(size)).toThrow(/power of two/);
    expect(() => new RealFft(8).transform(new Float64Array(7))).toThrow(/7 samples of 8/);
  });
});
