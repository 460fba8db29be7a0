import { describe, expect, it } from "vitest";
import { framePower, type Precision, type RealFft, realFft } from "../../src/audio/realFft.js";
import { SimdRealFft, simdFftKernel } from "../../src/audio/simdRealFft.js";
import { Streams } from "../../src/random/streams.js";

/** Sizes of all radices: powers of two, each odd prime, all together; the last are no multiple of 32. */
const SIZES = [32, 64, 96, 128, 160, 224, 256, 288, 352, 512, 1024, 2048, 3840, 6160, 2, 4, 6, 10, 22, 250, 1000, 1764];
const PRECISIONS: Precision[] = ["single", "double"];

function noise(size: number, seed = 1): Float32Array {
  const rng = new Streams(seed).stream("noise", size);
  return Float32Array.from({ length: size }, () => rng.normal());
}

/** The sum as it stands in the definition; the remainder keeps angles small, so that the oracle itself is exact. */
function naive(samples: ArrayLike<number>): { real: number[]; imaginary: number[] } {
  const size = samples.length;
  const real: number[] = [];
  const imaginary: number[] = [];
  for (let k = 0; k <= size / 2; k++) {
    let re = 0;
    let im = 0;
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * ((k * n) % size)) / size;
      re += samples[n]! * Math.cos(angle);
      im += samples[n]! * Math.sin(angle);
    }
    real.push(re);
    imaginary.push(im);
  }
  return { real, imaginary };
}

/** Root of the mean square of the difference, as a share of that of `expected`. */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let error = 0;
  let total = 0;
  for (let i = 0; i < expected.length; i++) {
    error += (actual[i]! - expected[i]!) ** 2;
    total += expected[i]! ** 2;
  }
  return Math.sqrt(error / total);
}

/** Rounding grows with the root of the number of passes; float32 rounds at 3e-8, float64 at 5.6e-17. */
function tolerance(fft: RealFft): number {
  return fft.samples instanceof Float32Array ? 3e-7 : 5e-15;
}

describe("realFft", () => {
  for (const precision of PRECISIONS) {
    it(`${precision}: equals the sum of the definition, twice with the same buffers`, () => {
      for (const size of SIZES) {
        const fft = realFft(size, precision);
        for (const seed of [1, 2]) {
          const samples = noise(size, seed);
          fft.samples.set(samples);
          fft.forward();
          const { real, imaginary } = naive(samples);
          expect(relativeError([...fft.real, ...fft.imaginary], [...real, ...imaginary]), `${size}`).toBeLessThan(
            tolerance(fft),
          );
          expect([fft.imaginary[0]! + 0, fft.imaginary[size / 2]! + 0]).toEqual([0, 0]);
        }
      }
    });

    it(`${precision}: the way back gives the samples times their number`, () => {
      for (const size of [...SIZES, 14112, 65536]) {
        const fft = realFft(size, precision);
        const samples = noise(size);
        fft.samples.set(samples);
        fft.forward();
        fft.samples.fill(Number.NaN);
        fft.inverse();
        const scaled = Array.from(fft.samples, (value) => value / size);
        expect(relativeError(scaled, samples), `${size}`).toBeLessThan(2 * tolerance(fft));
      }
    });

    it(`${precision}: keeps the energy (Parseval) at 65,536 points`, () => {
      const fft = realFft(65536, precision);
      const samples = noise(65536);
      fft.samples.set(samples);
      fft.forward();
      let energy = 0;
      for (let k = 0; k < fft.bins; k++) {
        energy += (k === 0 || k === 32768 ? 1 : 2) * (fft.real[k]! ** 2 + fft.imaginary[k]! ** 2);
      }
      const expected = 65536 * samples.reduce((sum, value) => sum + value * value, 0);
      // The sums of 65,536 terms here round at 1e-16 each, too.
      expect(Math.abs(energy / expected - 1)).toBeLessThan(tolerance(fft) + 1e-12);
    });

    it(`${precision}: silence has no spectrum, an impulse a flat one`, () => {
      for (const size of [32, 352, 1000]) {
        const fft = realFft(size, precision);
        fft.forward();
        expect([...fft.real, ...fft.imaginary].every((value) => value === 0)).toBe(true);
        fft.samples[0] = 1;
        fft.forward();
        expect(relativeError(fft.real, new Float32Array(fft.bins).fill(1))).toBeLessThan(tolerance(fft));
      }
    });

    it(`${precision}: framePower is |X|^2 of windowed frames from any place`, () => {
      for (const size of [32, 256, 352, 1000]) {
        const window = Float32Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
        const frames = framePower(window, 3 * size + 5, precision);
        const samples = noise(3 * size + 5);
        frames.samples.set(samples);
        for (const start of [0, 1, size + 3, 2 * size + 5]) {
          frames.measure(start);
          const { real, imaginary } = naive(window.map((value, n) => value * samples[start + n]!));
          const power = real.map((re, k) => re * re + imaginary[k]! ** 2);
          expect(relativeError(frames.power, power), `${size}`).toBeLessThan(1e-6);
        }
        frames.measure(3);
        const all = frames.power.slice();
        for (const bins of [1, 2, Math.floor(size / 5), Math.ceil(0.45 * size)]) {
          frames.measure(size);
          frames.measure(3, bins);
          expect(relativeError(frames.power.slice(0, bins), all.slice(0, bins))).toBeLessThan(1e-6);
        }
        for (const start of [-1, 0.5, 2 * size + 6, Number.NaN]) {
          expect(() => frames.measure(start)).toThrow(`start must be an integer from 0 to ${2 * size + 5}`);
        }
      }
    });
  }

  it("uses vectors for multiples of 32 in single precision, and gives what float64 gives", () => {
    expect(simdFftKernel(1024)).toBeDefined();
    for (const size of [32, 256, 14112]) {
      const [single, double] = [realFft(size), realFft(size, "double")];
      expect(single).toBeInstanceOf(SimdRealFft);
      single.samples.set(noise(size));
      double.samples.set(noise(size));
      single.forward();
      double.forward();
      expect(relativeError(single.real, double.real)).toBeLessThan(3e-7);
    }
    expect(realFft(1000)).not.toBeInstanceOf(SimdRealFft);
  });

  it("refuses sizes that it has not, and a capacity below the size", () => {
    for (const size of [0, 1, 3, 13, 26, 416, 2.5, Number.NaN, -8, 2 ** 31]) {
      for (const precision of PRECISIONS) {
        expect(() => realFft(size, precision), `${size}`).toThrow("even and a product of 2, 3, 5, 7 and 11");
      }
    }
    expect(() => framePower(new Float32Array(64), 63)).toThrow("capacity must be an integer from 64, got 63");
  });
});
