import type { ClipAugmentation, MapAugmentation } from "../augment/augmentation.js";
import { oneOf } from "../augment/combine.js";
import type { DrawnPer } from "../augment/drawItems.js";
import { loudness } from "../augment/loudness.js";
import { noise } from "../augment/noise.js";
import { pitch } from "../augment/pitch.js";
import { speed } from "../augment/speed.js";
import { vtlp } from "../augment/vtlp.js";

/** Where a recipe's augmentations stand on the way from a cycle to a map. */
export interface AugmentationRecipe {
  drawnPer: DrawnPer;
  /** Of the cycle, before it is brought to its length. */
  cycle?: ClipAugmentation;
  /** Of the clip of that length. */
  clip?: ClipAugmentation;
  map?: MapAugmentation;
}

/**
 * One of the five operations of the codes that use nlpaug (papers.md 1.5, 5.5).
 *
 * @param form of noise and VTLP: `library` is what those codes ran
 */
export function oneOfFive(form: "correct" | "library"): ClipAugmentation {
  return oneOf(
    noise({ form: form === "library" ? "library" : "white" }),
    speed({ factor: [0.5, 2] }),
    loudness({ gain: [0.5, 2] }),
    vtlp({ form }),
    pitch({ semitones: [-1, 3] }),
  );
}
