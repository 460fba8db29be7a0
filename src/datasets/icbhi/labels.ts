/** Cycle labels in index order: (crackle, wheeze) is (0,0), (1,0), (0,1), (1,1) (papers.md 0.1). */
export const CYCLE_LABELS = ["Normal", "Crackle", "Wheeze", "Both"] as const;
export type CycleLabel = (typeof CYCLE_LABELS)[number];

/** Recording devices, as file names spell them. */
export const ICBHI_DEVICES = ["AKGC417L", "Meditron", "LittC2SE", "Litt3200"] as const;
export type IcbhiDevice = (typeof ICBHI_DEVICES)[number];

/** Trachea; anterior, posterior and lateral, each left and right. */
export const CHEST_LOCATIONS = ["Tc", "Al", "Ar", "Pl", "Pr", "Ll", "Lr"] as const;
export type ChestLocation = (typeof CHEST_LOCATIONS)[number];

/** The label of a cycle from its two flags. */
export function cycleLabelOf(crackle: boolean, wheeze: boolean): CycleLabel {
  return CYCLE_LABELS[Number(crackle) + 2 * Number(wheeze)]!;
}
