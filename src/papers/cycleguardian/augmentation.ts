import { oneOf, sometimes } from "../../augment/combine.js";
import { noise } from "../../augment/noise.js";
import { roll } from "../../augment/roll.js";
import { speed } from "../../augment/speed.js";
import { vtlp } from "../../augment/vtlp.js";
import { type AugmentationRecipe, oneOfFive } from "../augmentationRecipe.js";
import { MASKS } from "../masks.js";
import type { Preset } from "../paper.js";

/** Which of the augmentations are on; `noise` is figure 12's. */
export const AUGMENTATIONS = ["none", "audio", "spectrogram", "both", "noise"] as const;
export type Augmentations = (typeof AUGMENTATIONS)[number];

/** CycleGuardian's augmentation (papers.md 1.5, decision 18): the paper draws once for a batch, its code for each item. */
export function cycleguardianAugmentation(preset: Preset, which: Augmentations = "both"): AugmentationRecipe {
  const { drawnPer, cycle, clip, map } = ALL[preset];
  const onAudio = { ...(cycle && { cycle }), ...(clip && { clip }) };
  const onMap = map && { map };
  switch (which) {
    case "none":
      return { drawnPer };
    case "audio":
      return { drawnPer, ...onAudio };
    case "spectrogram":
      return { drawnPer, ...onMap };
    case "both":
      return { drawnPer, ...onAudio, ...onMap };
    case "noise":
      return { drawnPer, cycle: sometimes(0.5, noise({ form: preset === "paper" ? "white" : "library" })) };
  }
}

const ALL: Readonly<Record<Preset, AugmentationRecipe>> = {
  paper: {
    drawnPer: "batch",
    cycle: sometimes(0.5, oneOf(noise(), roll(), speed(), vtlp())),
    map: sometimes(0.5, MASKS.cycleguardian),
  },
  authors: {
    drawnPer: "item",
    cycle: sometimes(0.5, oneOfFive("library")),
    clip: sometimes(0.5, roll()),
    map: sometimes(0.5, MASKS["cycleguardian-authors"]),
  },
};
