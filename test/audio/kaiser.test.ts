import { describe, expect, it } from "vitest";
import { besselI0, kaiserBeta, kaiserHalfLength, kaiserSinc } from "../../src/audio/kaiser.js";
import { largestDifference } from "../features/madeUp.js";

describe("Kaiser's window", () => {
  // NumPy 2.4: np.i0([0, 1, 5, 12.8])
  it("besselI0 equals NumPy's", () => {
    const expected = [1, 1.2660658777520082, 27.239871823604442, 40803.436175406634];
    [0, 1, 5, 12.8].forEach((x, i) => {
      expect(besselI0(x) / expected[i]! - 1).toBeCloseTo(0, 13);
    });
  });

  // np.kaiser(9, 12.0); beta 12 belongs to 12 / 0.1102 + 8.7 dB
  it("windows the sinc as NumPy's window does", () => {
    const expected = [5.2773441320097665e-5, 0.021278376581138674, 0.2156727447589671, 0.6945160085071692, 1];
    const tap = kaiserSinc(0.5, 4, 12 / 0.1102 + 8.7);
    // Half-way between whole samples the sinc of cutoff 0.5 is known: sin(pi t) / (pi t).
    expect(tap(0)).toBe(1);
    const cutoff = 1e-6; // here the sinc is 1 to 1e-10, and what is left is the window
    const window = kaiserSinc(cutoff, 4, 12 / 0.1102 + 8.7);
    expect(
      largestDifference(
        [-4, -3, -2, -1, 0].map((t) => window(t) / (2 * cutoff)),
        expected,
      ),
    ).toBeLessThan(1e-9);
    expect([tap(4.001), tap(-5)]).toEqual([0, 0]);
  });

  it("refuses what the formulas are not for", () => {
    expect(() => kaiserBeta(50)).toThrow(RangeError);
    expect(() => kaiserHalfLength(100, 0)).toThrow(RangeError);
  });
});
