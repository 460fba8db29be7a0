/** A stage of the SupCon paper, from stored maps to a checkpoint with what was measured on the select role. */
export interface StageCase {
  /** As `auscult bench stages STAGE` names it. */
  name: "pretraining" | "fine-tuning" | "resnet18" | "lean-cnn";
  /** What is measured, in words. */
  title: string;
  /** Of Table III. */
  row: string;
}

export const STAGE_CASES: readonly StageCase[] = [
  {
    name: "pretraining",
    title: "SupCon pretraining of ResNet-18 with its head, 32 items x 2 views, SGD",
    row: "ResNet 18 + SupCon + MixUp",
  },
  {
    name: "fine-tuning",
    title: "linear classifier with MixUp on the frozen encoder and head, batch 32, Adam",
    row: "ResNet 18 + SupCon + MixUp",
  },
  { name: "resnet18", title: "plain ResNet-18, batch 32, Adam", row: "ResNet 18" },
  { name: "lean-cnn", title: "lean CNN with MixUp, batch 32, Adam", row: "CNN + MixUp" },
];

export function stageCase(name: string): StageCase {
  return STAGE_CASES.find((one) => one.name === name)!;
}
