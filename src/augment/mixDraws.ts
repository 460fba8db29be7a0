import { drawBeta } from "../random/gamma.js";
import type { Rng } from "../random/streams.js";

/** Item i of a batch is mixed with item partners[i]; `lambda` is the share of item i. */
export type MixUp = { lambda: number; partners: number[] };

/**
 * One share and one permutation for a batch: lambda ~ Beta(alpha, alpha) (Zhang et al., "mixup", 2018; papers.md 6.9). An
 * item may be its own partner.
 *
 * @throws RangeError unless `alpha` is positive and `batchSize` a positive integer
 */
export function drawMixUp(rng: Rng, alpha: number, batchSize: number): MixUp {
  checkCount("drawMixUp: batchSize", batchSize);
  return { lambda: drawBeta(rng, alpha, alpha), partners: permutation(rng, batchSize) };
}

/** Positions that every item takes from its partner; `lambda` is the share of positions that it keeps. */
export type GroupMix = { lambda: number; partners: number[]; positions: number[] };

/**
 * Which groups of frames change places in a batch: lambda ~ Beta(alpha, alpha), floor(groups (1 - lambda)) positions, the same
 * ones for the whole batch, and lambda as it then really is (papers.md 1.3).
 *
 * @throws RangeError unless `alpha` is positive and both counts are positive integers
 */
export function drawGroupMix(rng: Rng, alpha: number, batchSize: number, groups: number): GroupMix {
  checkCount("drawGroupMix: batchSize", batchSize);
  checkCount("drawGroupMix: groups", groups);
  const count = Math.floor(groups * (1 - drawBeta(rng, alpha, alpha)));
  const partners = permutation(rng, batchSize);
  const positions = permutation(rng, groups)
    .slice(0, count)
    .sort((a, b) => a - b);
  return { lambda: 1 - count / groups, partners, positions };
}

function permutation(rng: Rng, count: number): number[] {
  return rng.shuffle(Array.from({ length: count }, (_, i) => i));
}

function checkCount(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${what} must be a positive integer, got ${value}`);
}
