import { describe, expect, it } from "vitest";
import { minMaxToHalf, zScore } from "../../src/features/normalise.js";
import { largestDifference, madeUp } from "./madeUp.js";

describe("minMaxToHalf", () => {
  it("spans exactly -0.5 to 0.5", () => {
    expect(minMaxToHalf(Float32Array.of(1, 2, 3))).toEqual(Float32Array.of(-0.5, 0, 0.5));
    const out = minMaxToHalf(madeUp(1000));
    expect([Math.min(...out), Math.max(...out)]).toEqual([-0.5, 0.5]);
  });

  it("gives zeros for a constant clip, and nothing for none", () => {
    expect(minMaxToHalf(Float32Array.of(0.3, 0.3))).toEqual(new Float32Array(2));
    expect(minMaxToHalf(new Float32Array(3))).toEqual(new Float32Array(3));
    expect(minMaxToHalf(new Float32Array(0))).toEqual(new Float32Array(0));
  });
});

describe("zScore", () => {
  it("knows the answer for 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2", () => {
    const map = Float32Array.of(2, 4, 4, 4, 5, 5, 7, 9);
    zScore(map);
    expect(map).toEqual(Float32Array.of(-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2));
  });

  it("does not see shift and scale", () => {
    const [a, b] = [madeUp(500), madeUp(500).map((value) => 3 * value - 7)];
    zScore(a);
    zScore(b);
    expect(largestDifference(a, b)).toBeLessThan(1e-5);
  });

  it("gives zeros for a constant map, also one whose mean is rounded", () => {
    const map = new Float32Array(1000).fill(0.1);
    zScore(map);
    expect(map).toEqual(new Float32Array(1000));
  });
});
