import { describe, expect, it } from "vitest";
import { Dct } from "../../src/features/dct.js";
import { largestDifference } from "./madeUp.js";

describe("Dct", () => {
  const values = [0.3, -1.2, 2.5, 0.7, 4.1, -0.6, 0.05, 1.9];

  // SciPy 1.17: v = np.array([0.3, -1.2, 2.5, 0.7, 4.1, -0.6, 0.05])
  //   scipy.fft.dct(v, type=2, norm="ortho"); scipy.fft.dct(np.append(v, 1.9), type=2, norm="ortho")
  it("equals SciPy for odd and even sizes", () => {
    const seven = new Float64Array(7);
    new Dct(7, 7).apply(Float64Array.from(values.slice(0, 7)), 0, seven);
    const odd = [2.21109217, -0.491536664, -2.61928379, 1.07742242, 0.572648491, -0.297997723, 3.44583046];
    expect(largestDifference(seven, odd)).toBeLessThan(1e-8);
    const eight = new Float64Array(8);
    new Dct(8, 8).apply(Float64Array.from(values), 0, eight);
    const even = [
      2.74003878, -0.774816418, -1.78463563, -1.11899203, 2.20970869, -0.942573728, 0.911427825, 3.14727201,
    ];
    expect(largestDifference(eight, even)).toBeLessThan(1e-8);
  });

  it("is orthonormal: energy is kept, at sizes around the unrolled four", () => {
    for (const size of [1, 2, 3, 5, 6, 127, 128]) {
      const input = Float64Array.from({ length: size }, (_, n) => Math.cos(n * n));
      const out = new Float64Array(size);
      new Dct(size, size).apply(input, 0, out);
      const energy = (x: Float64Array) => x.reduce((total, value) => total + value * value, 0);
      expect(energy(out)).toBeCloseTo(energy(input), 10);
    }
  });

  it("reads from an offset and writes with a stride, the first coefficients only", () => {
    const out = new Float64Array(8);
    new Dct(8, 3).apply(Float64Array.from([9, 9, ...values]), 2, out, 1, 3);
    expect(largestDifference(out, [0, 2.74003878, 0, 0, -0.774816418, 0, 0, -1.78463563])).toBeLessThan(1e-8);
  });

  it("refuses more coefficients than values", () => {
    expect(() => new Dct(8, 9)).toThrow(/from 1 to the size \(8\), got 9/);
    expect(() => new Dct(8, 0)).toThrow(/got 0/);
  });
});
