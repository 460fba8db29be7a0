import { describe, expect, test } from "vitest";
import { drawGroupMix, drawMixUp } from "../../src/augment/mixDraws.js";
import { Streams } from "../../src/random/streams.js";

const rng = (index = 0) => new Streams(4).stream("mix", index);
const inOrder = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("MixUp", () => {
  test("draws one share from 0 to 1 and a permutation; the same ones for the same stream, as JSON too", () => {
    const drawn = drawMixUp(rng(), 1, 32);
    expect(drawn.lambda).toBeGreaterThan(0);
    expect(drawn.lambda).toBeLessThan(1);
    expect(drawn.partners).not.toEqual(inOrder(32));
    expect([...drawn.partners].sort((a, b) => a - b)).toEqual(inOrder(32));
    expect(drawMixUp(rng(), 1, 32)).toEqual(JSON.parse(JSON.stringify(drawn)));
  });

  test("share: mean 1/2 and variance 1 / (8 alpha + 4) of Beta(alpha, alpha)", () => {
    for (const alpha of [0.2, 1, 4]) {
      const shares = Array.from({ length: 5000 }, (_, i) => drawMixUp(rng(i), alpha, 2).lambda);
      const mean = shares.reduce((sum, x) => sum + x, 0) / 5000;
      const variance = shares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5000;
      const wanted = 1 / (8 * alpha + 4);
      expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(wanted / 5000));
      // The variance of a variance is at most (kurtosis - 1) / n of its square, with a kurtosis below 3 here.
      expect(Math.abs(variance / wanted - 1)).toBeLessThan(4 * Math.sqrt(2 / 5000));
    }
  });

  test("refused", () => {
    expect(() => drawMixUp(rng(), 0, 2)).toThrow("shape must be above 0, got 0");
    expect(() => drawMixUp(rng(), 1, 0)).toThrow("batchSize must be a positive integer, got 0");
  });
});

describe("group mix", () => {
  test("floor(groups (1 - lambda)) positions, each once, in order, and lambda as it then is", () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 2050; i++) {
      const { lambda, partners, positions } = drawGroupMix(rng(i), 1, 6, 41);
      expect([...partners].sort((a, b) => a - b)).toEqual(inOrder(6));
      expect(new Set(positions).size).toBe(positions.length);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(positions.every((position) => position >= 0 && position < 41)).toBe(true);
      expect(lambda).toBe(1 - positions.length / 41);
      counts.set(positions.length, (counts.get(positions.length) ?? 0) + 1);
    }
    // 1 - Beta(1, 1) is uniform: 0 to 40 positions, 50 times each. Chi-square with 40 degrees: 73.4 at 99.9 %.
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(inOrder(41));
    expect([...counts.values()].reduce((sum, count) => sum + (count - 50) ** 2 / 50, 0)).toBeLessThan(73.4);
  });
});
