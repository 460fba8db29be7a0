import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 1: backbones, single-label baseline.
 *
 * The paper on Multi-breath (ICBHI).
 *
 *     npx auscult run multibreath/table1 --row "CNN14" --task 4-class --fold official --protocol published --profile full
 *
 * A run of the full budget takes 6,500 steps, about 9 hours on two cores. The time is that of CNN6.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/table1",
  paper: "multibreath",
  kind: "comparison",
  title: "Table 1: backbones, single-label baseline",
  citation: "Multi-breath on ICBHI, Table 1",
  vary: "backbone; plain head, cross-entropy",
  metric: "Sp, Se and Score",
  testSet: "official",
  tasks: ["4-class"],
  folds: ["official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [
    { key: "params", title: "parameters", unit: "millions", measure: { metric: "parameters" } },
    { key: "sp", title: "Sp", unit: "share", measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "share", measure: { metric: "se" } },
    { key: "se-two", title: "Se of two categories", unit: "share", measure: { metric: "collapsedSe" } },
    { key: "score", title: "Score", unit: "share", measure: { metric: "score" } },
  ],
  rows: [
    {
      name: "CNN14",
      printed: { params: 76.53, sp: 0.8, se: 0.385, score: 0.594 },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 18 },
    },
    {
      name: "ResNet22",
      printed: { params: 11.27, sp: 0.654, se: 0.4, score: 0.5279 },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 11 },
    },
    {
      name: "MobileNetV2",
      printed: { params: 2.88, sp: 0.7036, se: 0.3347, score: 0.519 },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 2 },
    },
    {
      name: "CNN6",
      printed: { params: 4.37, sp: 0.6846, se: 0.424, score: 0.5546 },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 9 },
    },
  ],
  flags: [
    "Print gives the formula of Se over four classes and says that it is that of two categories: ours has both readings.",
    "The printed rows start from AudioSet weights, which this project does not have: ours are from scratch.",
    "The parameter counts fit a plain head of four outputs with a hidden layer of 128 (CNN6, ResNet22) or 512 (CNN14, MobileNetV2).",
  ],
  ambiguities: [1, 2, 3, 30, 31, 32, 33, 35, 65],
  fullRun: { steps: 6500, hours: 9 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 9 hours on two cores: 6,500 steps" },
  command:
    'npx auscult run multibreath/table1 --row "CNN14" --task 4-class --fold official --protocol published --profile full',
};
