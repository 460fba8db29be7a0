import { describe, expect, it } from "vitest";
import { minMaxToHalf, StandardMeter, standardise, zScore, zScoreRows } from "../../src/features/normalise.js";
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

describe("zScoreRows", () => {
  it("takes each row to mean 0 and deviation 1, by count - 1, and leaves a row that does not change at 0", () => {
    const map = Float32Array.of(1, 2, 3, 6, 5, 5, 5, 5);
    zScoreRows(map, 2);
    // Mean 3, squares 14, deviation sqrt(14 / 3).
    const deviation = Math.sqrt(14 / 3) + 1e-6;
    [-2, -1, 0, 3].forEach((value, i) => {
      expect(map[i]).toBeCloseTo(value / deviation, 6);
    });
    expect([...map.subarray(4)]).toEqual([0, 0, 0, 0]);
    const single = Float32Array.of(7, -7);
    zScoreRows(single, 2);
    expect([...single]).toEqual([0, 0]);
  });
});

describe("StandardMeter and standardise", () => {
  it("give each channel of all maps together mean 0 and deviation 1", () => {
    const maps = [Float32Array.of(1, 10, 3, 30), Float32Array.of(5, -20, 7, 40, 9, 0)];
    const meter = new StandardMeter(2);
    for (const map of maps) meter.add(map);
    const standard = meter.result();
    // 1 3 5 7 9 and 10 30 -20 40 0.
    expect(standard.mean.map((value) => Number(value.toFixed(9)))).toEqual([5, 12]);
    expect(standard.deviation[0]).toBeCloseTo(Math.sqrt(8), 9);
    expect(standard.deviation[1]).toBeCloseTo(Math.sqrt(456), 9);
    for (const map of maps) standardise(map, standard);
    const first = maps.flatMap((map) => [...map].filter((_, i) => i % 2 === 0));
    expect(first.reduce((a, b) => a + b) / 5).toBeCloseTo(0, 6);
    expect(first.reduce((a, b) => a + b * b, 0) / 5).toBeCloseTo(1, 6);
  });

  it("refuse figures that make no numbers", () => {
    expect(() => new StandardMeter().result()).toThrow(/no map/);
    expect(() => standardise(new Float32Array(4), { mean: [0, 0, 0], deviation: [1, 1, 1] })).toThrow(/do not fit/);
    expect(() => standardise(new Float32Array(4), { mean: [0], deviation: [0] })).toThrow(/positive/);
  });
});
