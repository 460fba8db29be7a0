import { namedRow } from "../namedRow.js";

export const BACKBONES = ["CNN6", "CNN14", "ResNet22", "MobileNetV2"] as const;
export type MultibreathBackbone = (typeof BACKBONES)[number];

/** What tells the rows of Multi-breath's tables apart. */
export interface MultibreathRow {
  backbone: MultibreathBackbone;
  /** One of four classes by softmax, or labels that may be there or not. */
  targets: "single-label" | "multi-label";
  head: "plain" | "csra";
  frontEnd?: "mel" | "learnable";
  heads?: number;
  lambda?: number;
  /** Whether the backbone was trained on SPRSound before. */
  pretrained?: true;
}

const SINGLE = { targets: "single-label", head: "plain" } as const;
const MULTI = { targets: "multi-label", head: "plain" } as const;
const WHOLE = { targets: "multi-label", head: "csra" } as const;

const eachBackbone = (row: Omit<MultibreathRow, "backbone">): Record<string, MultibreathRow> =>
  Object.fromEntries(BACKBONES.map((backbone) => [backbone, { ...row, backbone }]));

/** By experiment and row. */
const ROWS: Readonly<Record<string, Readonly<Record<string, MultibreathRow>>>> = {
  table1: eachBackbone(SINGLE),
  table2: eachBackbone(MULTI),
  table3: {
    ResNet22: { ...WHOLE, backbone: "ResNet22" },
    MobileNetV2: { ...WHOLE, backbone: "MobileNetV2" },
  },
  table4: {
    "mel CNN14": { ...WHOLE, backbone: "CNN14" },
    "EfficientLEAF CNN14": { ...WHOLE, backbone: "CNN14", frontEnd: "learnable" },
    "mel CNN6": { ...WHOLE, backbone: "CNN6" },
    "EfficientLEAF CNN6": { ...WHOLE, backbone: "CNN6", frontEnd: "learnable" },
  },
  heads: Object.fromEntries([1, 2, 4].map((heads) => [`H = ${heads}`, { ...WHOLE, backbone: "CNN6", heads }])),
  lambda: Object.fromEntries(
    [0.3, 0.5, 1].map((lambda) => [`lambda = ${lambda}`, { ...WHOLE, backbone: "CNN6", lambda }]),
  ),
  "split-gap": Object.fromEntries(
    (["CNN6", "MobileNetV2"] as const).flatMap((backbone) => [
      [`${backbone}, random cycles`, { ...WHOLE, backbone }],
      [`${backbone}, patients`, { ...WHOLE, backbone }],
    ]),
  ),
  "pretrain-source": { SPRSound: { ...WHOLE, backbone: "CNN6", pretrained: true } },
};

/**
 * @param experiment such as "multibreath/table2"
 * @throws UserError for a row that is none
 */
export function multibreathRow(experiment: string, row: string): MultibreathRow {
  return namedRow(ROWS, experiment, row);
}
