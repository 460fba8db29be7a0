import { oneOf, sometimes } from "../../augment/combine.js";
import { noise } from "../../augment/noise.js";
import { roll } from "../../augment/roll.js";
import { speed } from "../../augment/speed.js";
import { vtlp } from "../../augment/vtlp.js";
import { type AugmentationRecipe, oneOfFive } from "../augmentationRecipe.js";
import { MASKS } from "../masks.js";
import type { Preset } from "../paper.js";

/** CycleGuardian's augmentation (papers.md 1.5, decision 18): the paper draws once for a batch, its code for each item. */
export function cycleguardianAugmentation(preset: Preset): AugmentationRecipe {
  if (preset === "authors") {
    return {
      drawnPer: "item",
      cycle: sometimes(0.5, oneOfFive("library")),
      clip: sometimes(0.5, roll()),
      map: sometimes(0.5, MASKS["cycleguardian-authors"]),
    };
  }
  return {
    drawnPer: "batch",
    cycle: sometimes(0.5, oneOf(noise(), roll(), speed(), vtlp())),
    map: sometimes(0.5, MASKS.cycleguardian),
  };
}
