import { describe, expect, test, vi } from "vitest";
import { resampleByRatio } from "../../src/augment/resampleByRatio.js";
import { farthest, madeUp, rms, tone } from "./madeUp.js";

describe("resampling by any ratio", () => {
  test("a tone in the pass band becomes the same tone at the other rate", () => {
    for (const ratio of [0.5123, 0.9, Math.SQRT1_2 * 1.2, 1.0595, 1.99]) {
      const lower = Math.min(1, ratio);
      for (const share of [0.05, 0.4, 0.88]) {
        const hz = (share * lower * 4000) / 2;
        const out = resampleByRatio(tone(4000, hz, 4000), ratio);
        expect(out).toHaveLength(Math.ceil(4000 * ratio));
        const wanted = Float32Array.from(out, (_, j) => Math.sin((2 * Math.PI * hz * j) / (4000 * ratio)));
        // Ripple of 1e-5 from the filter, as much from its table.
        expect(farthest(out.slice(300, -300), wanted.slice(300, -300))).toBeLessThan(4e-5);
      }
    }
  });

  test("a tone in the stop band is 95 dB down", () => {
    const out = resampleByRatio(tone(6000, 1250, 4000), 0.6);
    expect(20 * Math.log10(rms(out.slice(200, -200)) / Math.SQRT1_2)).toBeLessThan(-95);
  });

  test("is linear, keeps a clip at ratio 1, and has nothing to do with an empty one", () => {
    const samples = madeUp(500);
    const doubled = resampleByRatio(
      samples.map((x) => 2 * x),
      1.3,
    );
    expect(doubled).toEqual(resampleByRatio(samples, 1.3).map((x) => 2 * x));
    expect(resampleByRatio(samples, 1)).toEqual(samples);
    expect(resampleByRatio(new Float32Array(0), 2)).toHaveLength(0);
    for (const ratio of [0, -1, Number.NaN, 101]) expect(() => resampleByRatio(samples, ratio)).toThrow("0.01 to 100");
  });

  test("gives the same without vectors, whatever was resampled before", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../../src/augment/resampleByRatio.js");
    vi.unstubAllGlobals();
    // Lengths above and below those before, so that memory is made anew and used again; more than one round of the kernel.
    for (const [length, ratio] of [
      [100, 1.7],
      [3000, 1.2],
      [7, 0.37],
      [2000, 0.81],
      [500, 1.2],
      [3000, 0.81],
      [1, 3],
    ] as const) {
      const samples = madeUp(length);
      expect(farthest(resampleByRatio(samples, ratio), plain.resampleByRatio(samples, ratio))).toBeLessThan(2e-6);
    }
  });
});
