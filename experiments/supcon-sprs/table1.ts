import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table I: MixUp in fine-tuning.
 *
 * The paper on supervised contrastive pretraining of ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023 grand challenge.
 *
 *     npx auscult run supcon-sprs/table1 --row "Linear Classifier, Train" --task 11 --protocol published --profile full
 *
 * A run of the full budget takes 11,690 steps, an estimated 5 hours on two cores. Filled by the runs of supcon-sprs/table3. Its
 * test set, inter of 2022, is public: these cells are comparable.
 */
export const entry: ExperimentEntry = {
  id: "supcon-sprs/table1",
  paper: "supcon-sprs",
  kind: "ablation",
  title: "Table I: MixUp in fine-tuning",
  citation: "SupCon-pretrained ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023, Table I",
  vary: "fine-tuning with and without MixUp, by task and set",
  metric: "Score",
  testSet: "train2022, its held-out part, inter2022",
  tasks: ["11", "12", "21", "22"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "11", title: "Task 1-1", unit: "share", decimals: 3, task: "11" },
    { key: "12", title: "Task 1-2", unit: "share", decimals: 3, task: "12" },
    { key: "21", title: "Task 2-1", unit: "share", decimals: 3, task: "21" },
    { key: "22", title: "Task 2-2", unit: "share", decimals: 3, task: "22" },
  ],
  rows: [
    {
      name: "Linear Classifier, Train",
      printed: { "11": 0.998, "12": 0.976, "21": 0.938, "22": 0.895 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon" },
      measure: { set: "train" },
    },
    {
      name: "Linear Classifier, Valid",
      printed: { "11": 0.898, "12": 0.854, "21": 0.785, "22": 0.708 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon" },
      measure: { set: "select" },
    },
    {
      name: "Linear Classifier, Inter-Test",
      printed: { "11": 0.836, "12": 0.801, "21": 0.731, "22": 0.557 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon" },
      measure: { set: "inter" },
    },
    {
      name: "+ MixUp, Train",
      printed: { "11": 0.95, "12": 0.924, "21": 0.874, "22": 0.826 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon + MixUp" },
      measure: { set: "train" },
    },
    {
      name: "+ MixUp, Valid",
      printed: { "11": 0.913, "12": 0.866, "21": 0.792, "22": 0.711 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon + MixUp" },
      measure: { set: "select" },
    },
    {
      name: "+ MixUp, Inter-Test",
      printed: { "11": 0.851, "12": 0.816, "21": 0.745, "22": 0.579 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon + MixUp" },
      measure: { set: "inter" },
    },
    {
      name: "Training accuracy (text)",
      printed: { "11": 0.95, "12": 0.95, "21": 0.95, "22": 0.95 },
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon + MixUp" },
      measure: { set: "train", atLeast: true },
    },
  ],
  flags: [
    "Described as accuracies, but the inter values equal the challenge Score that follows from Figure 3 and the class counts.",
    "Training and validation numbers are measured on class-balanced draws, not on the natural distribution.",
  ],
  ambiguities: [3, 37, 38, 41, 42, 43, 44, 45, 47],
  fullRun: { steps: 11_690, hours: 5 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "an estimated 5 hours on two cores: 11,690 steps" },
  command:
    'npx auscult run supcon-sprs/table1 --row "Linear Classifier, Train" --task 11 --protocol published --profile full',
};
