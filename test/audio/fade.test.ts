import { describe, expect, it } from "vitest";
import { fade } from "../../src/audio/fade.js";
import { largestDifference } from "../features/madeUp.js";

describe("fade", () => {
  // By definition the factors are linspace(0, 1, 4) at the start and linspace(1, 0, 3) at the end.
  it("is linear with both ends", () => {
    const out = fade(new Float32Array(8).fill(1), { inSamples: 4, outSamples: 3 });
    expect(largestDifference(out, [0, 1 / 3, 2 / 3, 1, 1, 1, 0.5, 0])).toBeLessThan(1e-7);
  });

  it("changes nothing at length 0, and the clip never", () => {
    const clip = Float32Array.of(1, -2, 3);
    expect(fade(clip, { inSamples: 0, outSamples: 0 })).toEqual(clip);
    expect([...fade(clip, { inSamples: 1, outSamples: 0 })]).toEqual([0, -2, 3]);
    expect([...clip]).toEqual([1, -2, 3]);
  });

  it("fits into short clips", () => {
    expect([...fade(Float32Array.of(1, 1, 1), { inSamples: 1000, outSamples: 0 })]).toEqual([0, 0.5, 1]);
    expect([...fade(Float32Array.of(1, 1, 1), { inSamples: 1000, outSamples: 1000 })]).toEqual([0, 0.25, 0]);
    expect([...fade(Float32Array.of(1), { inSamples: 5, outSamples: 5 })]).toEqual([0]);
    expect(fade(new Float32Array(0), { inSamples: 5, outSamples: 5 }).length).toBe(0);
  });

  it("refuses lengths that are none", () => {
    expect(() => fade(new Float32Array(3), { inSamples: -1, outSamples: 0 })).toThrow("inSamples must be an integer");
    expect(() => fade(new Float32Array(3), { inSamples: 0, outSamples: 0.5 })).toThrow("outSamples must be an integer");
  });
});
