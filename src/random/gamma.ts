import type { Rng } from "./streams.js";

/**
 * The logarithm of a gamma variate of scale 1, which does not underflow for small shapes. Marsaglia and Tsang, "A simple
 * method for generating gamma variables" (ACM TOMS 2000), with their power of a uniform for shapes below 1.
 *
 * @throws RangeError unless `shape` is a positive number
 */
export function drawLogGamma(rng: Rng, shape: number): number {
  if (!(shape > 0 && Number.isFinite(shape))) throw new RangeError(`gamma: shape must be above 0, got ${shape}`);
  if (shape < 1) return drawLogGamma(rng, shape + 1) + Math.log(1 - rng.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const logV = Math.log(v);
    if (Math.log(1 - rng.uniform()) < (x * x) / 2 + d * (1 - v + logV)) return Math.log(d) + logV;
  }
}

/**
 * A beta variate, from 0 to 1: one gamma's share of two.
 *
 * @throws RangeError unless both shapes are positive numbers
 */
export function drawBeta(rng: Rng, a: number, b: number): number {
  const logX = drawLogGamma(rng, a);
  const logY = drawLogGamma(rng, b);
  return 1 / (1 + Math.exp(logY - logX));
}
