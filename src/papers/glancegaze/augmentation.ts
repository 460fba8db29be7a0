import type { ClipAugmentation } from "../../augment/augmentation.js";
import { drawExtraCopies, type ExtraCopy } from "../../augment/extraCopies.js";
import { speed } from "../../augment/speed.js";
import { WHOLE } from "../../augment/zone.js";
import type { Rng } from "../../random/streams.js";

const SPEEDS = [0.8, 0.9, 1.1, 1.2];
/** Wheeze 2, both 3. */
const COPIES = new Map([
  [2, 2],
  [3, SPEEDS.length],
]);

/**
 * The copies at other speeds that the Glance-and-Gaze paper adds before training (papers.md 4.5): of each cycle with both,
 * one at each speed, of each wheeze at two of them.
 *
 * @param labels of the training cycles: normal 0, crackle 1, wheeze 2, both 3
 */
export function glancegazeCopies(rng: Rng, labels: ArrayLike<number>): ExtraCopy[] {
  return drawExtraCopies(rng, labels, COPIES, SPEEDS);
}

/** Makes a copy of a cycle at one speed: resampled, so that pitch moves too. */
export function glancegazeSpeed(factor: number): ClipAugmentation<{ factor: number }> {
  return speed({ factor: [factor, factor], zone: WHOLE, method: "resample" });
}
