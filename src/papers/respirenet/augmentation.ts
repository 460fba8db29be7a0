import { sometimes } from "../../augment/combine.js";
import type { Compositions } from "../../augment/concatenation.js";
import { roll } from "../../augment/roll.js";
import { type AugmentationRecipe, oneOfFive } from "../augmentationRecipe.js";
import type { Preset } from "../paper.js";

/** RespireNet's standard augmentation (papers.md 5.5). `authors` has the library's noise and VTLP. */
export function respirenetAugmentation(preset: Preset): AugmentationRecipe {
  return {
    drawnPer: "item",
    cycle: sometimes(0.5, oneOfFive(preset === "authors" ? "library" : "correct")),
    clip: sometimes(0.5, roll()),
  };
}

/** How the authors' code composes new cycles; labels are normal 0, crackle 1, wheeze 2, both 3 (decision 58). */
export const RESPIRENET_COMPOSITIONS: Compositions = new Map([
  [0, [{ first: 0, second: 0, share: 1 }]],
  [1, withNormal(1)],
  [2, withNormal(2)],
  [
    3,
    [
      { first: 3, second: 3, share: 0.5 },
      { first: 1, second: 2, share: 0.2 },
      { first: 2, second: 1, share: 0.1 },
      { first: 3, second: 0, share: 0.1 },
      { first: 0, second: 3, share: 0.1 },
    ],
  ],
]);

function withNormal(label: number) {
  return [
    { first: label, second: label, share: 0.6 },
    { first: label, second: 0, share: 0.2 },
    { first: 0, second: label, share: 0.2 },
  ];
}

/** The same for normal 0 and abnormal 1. */
export function twoClassCompositions(): Compositions {
  return new Map([
    [0, [{ first: 0, second: 0, share: 1 }]],
    [1, withNormal(1)],
  ]);
}
