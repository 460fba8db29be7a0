import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Training log of the authors: the anchor of the reproduction.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/log --row "Epoch 182" --preset authors --protocol published --profile full
 *
 * A run of the full budget takes 17,200 steps, about 96 hours on two cores. Filled by runs of respirenet/table1, row "CNN",
 * with the preset "authors".
 */
export const entry: ExperimentEntry = {
  id: "respirenet/log",
  paper: "respirenet",
  kind: "result",
  title: "Training log of the authors: the anchor of the reproduction",
  citation: "RespireNet on ICBHI, log in the authors' repository",
  vary: "none; stage 1 on fold 4, 8 s windows, 5,471 training items, no CBA, 200 epochs",
  metric: "accuracy, Sp, Se and Score",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published"],
  presets: ["authors"],
  columns: [
    { key: "accuracy", title: "accuracy", unit: "share", decimals: 4, measure: { metric: "accuracy" } },
    { key: "sp", title: "Sp", unit: "share", decimals: 4, measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "share", decimals: 4, measure: { metric: "se" } },
    { key: "score", title: "Score", unit: "share", decimals: 4, measure: { metric: "score" } },
    {
      key: "late-mean",
      title: "mean Score of the last 20 epochs",
      unit: "share",
      decimals: 3,
      measure: { metric: "lateMean" },
    },
    {
      key: "late-sd",
      title: "its standard deviation",
      unit: "share",
      decimals: 3,
      measure: { metric: "lateDeviation" },
    },
    { key: "normal", title: "decided as Normal", unit: "count", measure: { metric: "count", predicted: "Normal" } },
    { key: "crackle", title: "decided as Crackle", unit: "count", measure: { metric: "count", predicted: "Crackle" } },
    { key: "wheeze", title: "decided as Wheeze", unit: "count", measure: { metric: "count", predicted: "Wheeze" } },
    { key: "both", title: "decided as Both", unit: "count", measure: { metric: "count", predicted: "Both" } },
  ],
  rows: [
    {
      name: "Epoch 182",
      printed: { accuracy: 0.6704, sp: 0.7974, se: 0.5232, score: 0.6603, "late-mean": 0.632, "late-sd": 0.014 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
    },
    {
      name: "True Normal",
      printed: { normal: 618, crackle: 110, wheeze: 40, both: 7 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { class: "Normal" },
    },
    {
      name: "True Crackle",
      printed: { normal: 136, crackle: 242, wheeze: 8, both: 5 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { class: "Crackle" },
    },
    {
      name: "True Wheeze",
      printed: { normal: 74, crackle: 21, wheeze: 96, both: 15 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { class: "Wheeze" },
    },
    {
      name: "True Both",
      printed: { normal: 15, crackle: 10, wheeze: 35, both: 12 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { class: "Both" },
    },
  ],
  flags: [
    "The file is named for a result of 67: 67.04 is the accuracy of that epoch, its Score is 66.03.",
    "Choosing the epoch on the test set by accuracy is worth about 3 points over the mean of the last 20 epochs.",
    "The network starts from ImageNet weights, which this project does not have.",
  ],
  ambiguities: [2, 3, 55, 59, 62, 63],
  fullRun: { steps: 17_200, hours: 96 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 96 hours on two cores: 17,200 steps" },
  command: 'npx auscult run respirenet/log --row "Epoch 182" --preset authors --protocol published --profile full',
};
