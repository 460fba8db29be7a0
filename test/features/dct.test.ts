import { describe, expect, it } from "vitest";
import { Dct } from "../../src/features/dct.js";
import { largestDifference } from "./madeUp.js";

describe("Dct", () => {
  /** A few roundings to single precision of values up to 4. */
  const tolerance = 1e-6;
  const even = [2.74003878, -0.774816418, -1.78463563, -1.11899203, 2.20970869, -0.942573728, 0.911427825, 3.14727201];
  const values = [0.3, -1.2, 2.5, 0.7, 4.1, -0.6, 0.05, 1.9];

  // SciPy 1.17: v = np.array([0.3, -1.2, 2.5, 0.7, 4.1, -0.6, 0.05])
  //   scipy.fft.dct(v, type=2, norm="ortho"); scipy.fft.dct(np.append(v, 1.9), type=2, norm="ortho")
  it("equals SciPy for odd and even sizes", () => {
    const seven = new Dct(7, 7).apply(Float32Array.from(values.slice(0, 7)), 1);
    const odd = [2.21109217, -0.491536664, -2.61928379, 1.07742242, 0.572648491, -0.297997723, 3.44583046];
    expect(largestDifference(seven, odd)).toBeLessThan(tolerance);
    const eight = new Dct(8, 8).apply(Float32Array.from(values), 1);
    expect(largestDifference(eight, even)).toBeLessThan(tolerance);
  });

  it("is orthonormal: energy is kept, at sizes around the unrolled four", () => {
    for (const size of [1, 2, 3, 5, 6, 127, 128]) {
      const input = Float32Array.from({ length: size }, (_, n) => Math.cos(n * n));
      const out = new Dct(size, size).apply(input, 1);
      const energy = (x: Float32Array) => x.reduce((total, value) => total + value * value, 0);
      expect(energy(out) / energy(input)).toBeCloseTo(1, 5);
    }
  });

  it("transforms frame by frame, the first coefficients only, one row for each", () => {
    const twice = values.map((value) => 2 * value);
    const input = values.flatMap((value, n) => [value, twice[n]!, 99]);
    const out = new Dct(8, 3).apply(Float32Array.from(input), 2, 3);
    const expected = even.slice(0, 3).flatMap((value) => [value, 2 * value]);
    expect(largestDifference(out, expected)).toBeLessThan(2 * tolerance);
  });

  it("refuses more coefficients than values", () => {
    expect(() => new Dct(8, 9)).toThrow(/from 1 to the size \(8\), got 9/);
    expect(() => new Dct(8, 0)).toThrow(/got 0/);
  });
});
