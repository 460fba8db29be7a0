import { namedRow } from "../namedRow.js";

/** What tells the rows of RespireNet's tables apart. */
export interface RespirenetRow {
  /** Concatenation-based augmentation. */
  cba: boolean;
  /** Blank-region clipping. */
  clipBlank: boolean;
  /** Standard augmentation. Default true. */
  augmentation?: boolean;
  padding?: "zero" | "reflect";
  seconds?: number;
  mixUpAlpha?: number;
  /** Leaves what the network looked at in test cycles. */
  looks?: true;
  /** Trained on by device, from the row before it. */
  fineTuned?: true;
}

const CNN: RespirenetRow = { cba: false, clipBlank: false };
const WHOLE: RespirenetRow = { cba: true, clipBlank: true };

/** By experiment and row. */
const ROWS: Readonly<Record<string, Readonly<Record<string, RespirenetRow>>>> = {
  table1: {
    CNN: { ...CNN, looks: true },
    "CNN+CBA+BRC": { ...WHOLE, looks: true },
    "CNN+CBA+BRC+FT": { ...WHOLE, fineTuned: true },
  },
  "table2-length": Object.fromEntries([1, 2, 3, 4, 5, 6, 8, 9].map((seconds) => [`${seconds} s`, { ...CNN, seconds }])),
  "table6-single-device": { Overall: CNN },
  "text-ablations": {
    "No augmentation": { ...CNN, augmentation: false },
    "Standard + CBA": { ...CNN, cba: true },
    "Zero padding": { ...CNN, padding: "zero" },
    "Reflection padding": { ...CNN, padding: "reflect" },
    "Standard + BRC": { ...CNN, clipBlank: true },
  },
  // The readme's MixUp (papers.md 6.9).
  "readme-extra": { "CNN + Mixup": { ...CNN, mixUpAlpha: 0.5 } },
};

/**
 * @param experiment such as "respirenet/table1"
 * @throws UserError for a row that is none
 */
export function respirenetRow(experiment: string, row: string): RespirenetRow {
  return namedRow(ROWS, experiment, row);
}
