import { namedRow } from "../namedRow.js";
import type { Augmentations } from "./augmentation.js";

/** What tells the rows of CycleGuardian's tables and figures apart. */
export interface CycleguardianRow {
  similarity: "none" | "cos" | "soft cos";
  contrast: boolean;
  augmentation: Augmentations;
  /** In groups that do not overlap; absent: 20, with an overlap of 5. */
  framesPerGroup?: number;
}

/** The base model: deep clustering alone. */
const BASE = { similarity: "none", contrast: false } as const;
const COS = { similarity: "cos", contrast: true, augmentation: "both" } as const;
const SOFT_COS = { similarity: "soft cos", contrast: true, augmentation: "both" } as const;

/** By experiment and row. Print does not say of Figures 10 to 12, nor of the row IDEC, which cosine they have. */
const ROWS: Readonly<Record<string, Readonly<Record<string, CycleguardianRow>>>> = {
  table2: { "Ours (cos)": COS, "Ours (soft cos)": SOFT_COS },
  table8: {
    "Base DEC": { ...BASE, augmentation: "none" },
    "Audio Aug": { ...BASE, augmentation: "audio" },
    "Spectrogram Aug": { ...BASE, augmentation: "spectrogram" },
    "Audio + Spec Aug": { ...BASE, augmentation: "both" },
  },
  table9: {
    "Improved DEC (IDEC)": { ...COS, contrast: false },
    "Group contrastive learning (GCL)": { ...COS, similarity: "none" },
    "IDEC, without augmentation": { ...COS, contrast: false, augmentation: "none" },
    "GCL, without augmentation": { ...COS, similarity: "none", augmentation: "none" },
    "IDEC + GCL (soft cos), without augmentation": { ...SOFT_COS, augmentation: "none" },
  },
  fig8: { "Ours (cos)": COS },
  fig10: { "Without Meditron": COS, "Without Litt3200": COS, "Without AKGC417L": COS },
  fig11: Object.fromEntries(
    [2, 5, 10, 15, 20, 25].map((framesPerGroup) => [`${framesPerGroup} frames`, { ...SOFT_COS, framesPerGroup }]),
  ),
  fig12: {
    "Without noise": { ...SOFT_COS, augmentation: "none" },
    "With noise": { ...SOFT_COS, augmentation: "noise" },
  },
};

/**
 * @param experiment such as "cycleguardian/table1"
 * @throws UserError for a row that is none
 */
export function cycleguardianRow(experiment: string, row: string): CycleguardianRow {
  return namedRow(ROWS, experiment, row);
}
