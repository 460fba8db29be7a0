import { chain, sometimes } from "../../augment/combine.js";
import { pitch } from "../../augment/pitch.js";
import { speed } from "../../augment/speed.js";
import { WHOLE } from "../../augment/zone.js";
import type { AugmentationRecipe } from "../augmentationRecipe.js";
import { MASKS } from "../masks.js";

/**
 * Multi-breath's augmentation (papers.md 2.2, 2.5, decisions 32 and 65): masks of the mel map, always; for the learnable front
 * end, which has no map to mask, speed and pitch instead.
 *
 * @param masks `paper-literal` takes the printed widths
 */
export function multibreathAugmentation(
  frontEnd: "mel" | "learnable",
  masks: "default" | "paper-literal" = "default",
): AugmentationRecipe {
  if (frontEnd === "mel") {
    return { drawnPer: "item", map: masks === "default" ? MASKS.multibreath : MASKS["multibreath-literal"] };
  }
  return {
    drawnPer: "item",
    cycle: chain(
      sometimes(0.5, speed({ factor: [0.9, 1.1], zone: WHOLE })),
      sometimes(0.5, pitch({ semitones: [-2, 2], zone: WHOLE })),
    ),
  };
}
