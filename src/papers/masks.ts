import type { MapAugmentation } from "../augment/augmentation.js";
import { maskShare } from "../augment/maskShare.js";
import { maskStripes } from "../augment/maskStripes.js";

/** The papers' masks of maps, by name (papers.md 6.8, decision 32). How often they are applied stands with each recipe. */
export const MASKS = {
  cycleguardian: maskShare({ share: 0.3, stripes: [1, 2], fill: "mean" }),
  "cycleguardian-authors": maskStripes({
    rows: { count: 2, widthBelow: 10 },
    frames: { count: 10, widthBelow: 5 },
    fill: "mean",
    ownStripesFor: 3,
  }),
  multibreath: maskStripes({
    rows: { count: 2, widthBelow: 20 },
    frames: { count: 2, widthBelow: 40 },
    fill: "minimum",
  }),
  /** As printed: 40 of 64 bands. */
  "multibreath-literal": maskStripes({
    rows: { count: 2, widthBelow: 40 },
    frames: { count: 2, widthBelow: 20 },
    fill: "minimum",
  }),
  /** For maps of 128 bands and 798 frames. */
  "patch-mix": maskStripes({
    rows: { count: 2, widthBelow: 48 },
    frames: { count: 2, widthBelow: 160 },
    fill: "mean",
  }),
} satisfies Record<string, MapAugmentation>;
