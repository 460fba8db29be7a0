import { describe, expect, test } from "vitest";
import { drawBeta, drawLogGamma } from "../../src/random/gamma.js";
import { Streams } from "../../src/random/streams.js";

const COUNT = 20_000;
/** scipy.stats.kstwo.ppf(0.999, 20000), SciPy 1.17.1. */
const CRITICAL = 0.013776;
const rng = () => new Streams(20).stream("gamma");

/** Kolmogorov-Smirnov distance of draws from a distribution function. */
function distance(draws: number[], cdf: (x: number) => number): number {
  const sorted = [...draws].sort((a, b) => a - b);
  return Math.max(...sorted.map((x, i) => Math.max(Math.abs(cdf(x) - i / COUNT), Math.abs(cdf(x) - (i + 1) / COUNT))));
}
function draws(draw: (rng: ReturnType<typeof Streams.prototype.stream>) => number): number[] {
  const one = rng();
  return Array.from({ length: COUNT }, () => draw(one));
}

describe("gamma", () => {
  test.each([
    [1, (x: number) => 1 - Math.exp(-x)],
    [2, (x: number) => 1 - Math.exp(-x) * (1 + x)],
    [3, (x: number) => 1 - Math.exp(-x) * (1 + x + (x * x) / 2)],
  ])("of shape %d follows its closed form", (shape, cdf) => {
    const found = draws((one) => Math.exp(drawLogGamma(one, shape)));
    expect(distance(found, cdf)).toBeLessThan(CRITICAL);
  });

  test("mean and variance are the shape, below 1 too", () => {
    for (const shape of [0.3, 0.8, 1.5, 20]) {
      const found = draws((one) => Math.exp(drawLogGamma(one, shape)));
      const mean = found.reduce((sum, x) => sum + x, 0) / COUNT;
      const variance = found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / COUNT;
      expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / COUNT));
      // Kurtosis 3 + 6 / shape.
      expect(Math.abs(variance / shape - 1)).toBeLessThan(4 * Math.sqrt((2 + 6 / shape) / COUNT));
    }
  });

  test("refused: no positive shape", () => {
    for (const shape of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => drawLogGamma(rng(), shape)).toThrow(`shape must be above 0, got ${shape}`);
  });
});

describe("beta", () => {
  test.each<[number, number, (x: number) => number]>([
    [1, 1, (x) => x],
    [0.5, 0.5, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
    [2, 2, (x) => x * x * (3 - 2 * x)],
    [3, 1, (x) => x ** 3],
    [0.2, 1, (x) => x ** 0.2],
    [1, 0.4, (x) => 1 - (1 - x) ** 0.4],
  ])("(%d, %d) follows its closed form", (a, b, cdf) => {
    expect(
      distance(
        draws((one) => drawBeta(one, a, b)),
        cdf,
      ),
    ).toBeLessThan(CRITICAL);
  });

  test("tiny shapes give 0 or 1, each half of the time, and no NaN", () => {
    const found = draws((one) => drawBeta(one, 1e-4, 1e-4));
    expect(found.every((x) => x >= 0 && x <= 1)).toBe(true);
    const high = found.filter((x) => x > 0.5).length / COUNT;
    expect(Math.abs(high - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / COUNT));
  });
});
