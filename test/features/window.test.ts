import { describe, expect, it } from "vitest";
import { periodicWindow, type WindowName } from "../../src/features/window.js";
import { largestDifference } from "./madeUp.js";

describe("periodicWindow", () => {
  // SciPy 1.17: scipy.signal.get_window(name, 7)
  const half: Partial<Record<WindowName, number[]>> = {
    hamming: [0.08, 0.25319469114498266, 0.6423596296199047, 0.9544456792351128],
    blackman: [0, 0.09045342435412808, 0.45918295754596367, 0.9203636180999082],
    rectangular: [1, 1, 1, 1],
  };
  for (const [name, values] of Object.entries(half)) {
    it(`${name} equals SciPy's`, () => {
      const mirrored = [...values, ...values.slice(1).reverse()];
      expect(largestDifference(periodicWindow(name as WindowName, 7), mirrored)).toBeLessThan(1e-15);
    });
  }

  it("adds up to a constant at a hop of a quarter", () => {
    const sums: Partial<Record<WindowName, number>> = { hann: 2, hamming: 2.16, blackman: 1.68, rectangular: 4 };
    for (const [name, expected] of Object.entries(sums)) {
      const window = periodicWindow(name as WindowName, 64);
      for (let n = 0; n < 16; n++) {
        expect(window[n]! + window[n + 16]! + window[n + 32]! + window[n + 48]!).toBeCloseTo(expected, 12);
      }
    }
  });

  it("refuses other names and sizes", () => {
    expect(() => periodicWindow("toString" as WindowName, 8)).toThrow(/hann, hamming, blackman, rectangular.*toString/);
    expect(() => periodicWindow("hann", 0)).toThrow(/size.*0/);
  });
});
