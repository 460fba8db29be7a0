import { describe, expect, test } from "vitest";
import { inverseOfRealSpectrum } from "../../src/augment/cosineTransform.js";
import { farthest, lcg } from "./madeUp.js";

/** The sum that defines it. */
function slow(spectrum: Float64Array): Float64Array {
  const half = spectrum.length - 1;
  return Float64Array.from({ length: 2 * half }, (_, n) => {
    let sum = spectrum[0]! + (n % 2 === 0 ? 1 : -1) * spectrum[half]!;
    for (let k = 1; k < half; k++) sum += 2 * spectrum[k]! * Math.cos((Math.PI * k * n) / half);
    return sum / (2 * half);
  });
}

describe("the inverse transform of a real spectrum", () => {
  test("of any size is the sum that defines it", () => {
    for (const half of [1, 2, 3, 7, 48, 125, 300, 501]) {
      const spectrum = lcg(half + 1, half);
      expect(farthest(inverseOfRealSpectrum(spectrum, "double"), slow(spectrum))).toBeLessThan(1e-14);
      // A few roundings to float32 of values up to 1, and none to speak of in a sum of `half`.
      expect(farthest(inverseOfRealSpectrum(spectrum), slow(spectrum))).toBeLessThan(1e-6);
    }
    expect(() => inverseOfRealSpectrum(Float64Array.of(1))).toThrow("at least 2 bins");
  });

  test("is NumPy's irfft", () => {
    // np.fft.irfft(lcg(8, 5)), with NumPy 2.4.6
    const numpy = [
      0.03805549532574202, 0.05026906113544468, -0.1575149877993334, 0.0231512069796401, 0.11150883961435261,
      0.0035250694848568864, -0.24361852313372057, -0.13668535792800995, -0.24361852313372057, 0.003525069484856892,
      0.11150883961435261, 0.023151206979640078, -0.1575149877993334, 0.05026906113544468,
    ];
    expect(farthest(inverseOfRealSpectrum(lcg(8, 5), "double"), numpy)).toBeLessThan(1e-15);
  });
});
