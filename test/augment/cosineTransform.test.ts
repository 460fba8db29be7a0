import { describe, expect, test } from "vitest";
import { RealFft } from "../../src/audio/fft.js";
import { inverseOfRealSpectrum } from "../../src/augment/cosineTransform.js";
import { InverseRealFft } from "../../src/augment/inverseRealFft.js";
import { farthest, lcg } from "./madeUp.js";

/** The sum that defines it. */
function slow(real: Float64Array, imaginary: Float64Array): Float64Array {
  const half = real.length - 1;
  return Float64Array.from({ length: 2 * half }, (_, n) => {
    let sum = real[0]! + (n % 2 === 0 ? 1 : -1) * real[half]!;
    for (let k = 1; k < half; k++) {
      const angle = (Math.PI * k * n) / half;
      sum += 2 * (real[k]! * Math.cos(angle) - imaginary[k]! * Math.sin(angle));
    }
    return sum / (2 * half);
  });
}

describe("inverse transforms", () => {
  test("of a real spectrum, of any size, is the sum that defines it", () => {
    for (const half of [1, 2, 3, 7, 48, 125, 300, 1001]) {
      const spectrum = lcg(half + 1, half);
      expect(farthest(inverseOfRealSpectrum(spectrum), slow(spectrum, new Float64Array(half + 1)))).toBeLessThan(1e-13);
    }
    expect(() => inverseOfRealSpectrum(Float64Array.of(1))).toThrow("at least 2 bins");
  });

  test("of a real spectrum is NumPy's irfft", () => {
    // np.fft.irfft(lcg(8, 5)), with NumPy 2.4.6
    const numpy = [
      0.03805549532574202, 0.05026906113544468, -0.1575149877993334, 0.0231512069796401, 0.11150883961435261,
      0.0035250694848568864, -0.24361852313372057, -0.13668535792800995, -0.24361852313372057, 0.003525069484856892,
      0.11150883961435261, 0.023151206979640078, -0.1575149877993334, 0.05026906113544468,
    ];
    expect(farthest(inverseOfRealSpectrum(lcg(8, 5)), numpy)).toBeLessThan(1e-15);
  });

  test("of a power of two undoes the forward one, and is the sum", () => {
    for (const size of [2, 4, 64, 2048]) {
      const frame = lcg(size, size + 1);
      const forward = new RealFft(size);
      forward.transform(frame);
      const out = new Float64Array(size);
      new InverseRealFft(size).transform(forward.real, forward.imaginary, out);
      expect(farthest(out, frame)).toBeLessThan(1e-14);
      if (size > 64) continue;
      const [real, imaginary] = [lcg(size / 2 + 1, 3), lcg(size / 2 + 1, 4)];
      new InverseRealFft(size).transform(real, imaginary, out);
      expect(farthest(out, slow(real, imaginary))).toBeLessThan(1e-14);
    }
  });
});
