import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 6: one device for training.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/table6-single-device --row "AKGC417L" --task 4-class --fold device-only:AKGC417L@fold4 --protocol published --profile full
 *
 * A run of the full budget takes 10,800 steps, about 55 hours on two cores. One run fills all rows.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table6-single-device",
  paper: "respirenet",
  kind: "ablation",
  title: "Table 6: one device for training",
  citation: "RespireNet on ICBHI, Table 6",
  vary: "device of the test cycles; trained on AKGC417L alone",
  metric: "recall by class; Sp, Se and Score",
  testSet: "device-only:AKGC417L@fold4",
  tasks: ["4-class"],
  folds: ["device-only:AKGC417L@fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "normal", title: "Normal", unit: "percent", decimals: 1, measure: { metric: "recall", class: "Normal" } },
    { key: "crackle", title: "Crackle", unit: "percent", decimals: 1, measure: { metric: "recall", class: "Crackle" } },
    { key: "wheeze", title: "Wheeze", unit: "percent", decimals: 1, measure: { metric: "recall", class: "Wheeze" } },
    { key: "both", title: "Both", unit: "percent", decimals: 1, measure: { metric: "recall", class: "Both" } },
    { key: "sp", title: "Sp", unit: "percent", decimals: 1, measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "percent", decimals: 1, measure: { metric: "se" } },
    { key: "score", title: "Score", unit: "percent", decimals: 1, measure: { metric: "score" } },
  ],
  rows: [
    {
      name: "AKGC417L",
      printed: { normal: 61.3, crackle: 77.5, wheeze: 23.8, both: 28.2 },
      state: "built",
      runs: { row: "Overall" },
      measure: { device: "AKGC417L" },
    },
    {
      name: "Meditron",
      printed: { normal: 47.3, crackle: 69.2, wheeze: 26.3, both: 0.0 },
      state: "built",
      runs: { row: "Overall" },
      measure: { device: "Meditron" },
    },
    {
      name: "Litt3200",
      printed: { normal: 51.2, crackle: 66.7, wheeze: 20.7, both: 66.7 },
      state: "built",
      runs: { row: "Overall" },
      measure: { device: "Litt3200" },
    },
    {
      name: "LittC2SE",
      printed: { normal: 16.8, crackle: 22.2, wheeze: 0.0, both: 0.0 },
      state: "built",
      runs: { row: "Overall" },
      measure: { device: "LittC2SE" },
    },
    {
      name: "Overall",
      printed: { sp: 50.3, se: 55.7, score: 53.0 },
      state: "built",
      about: { training: "AKGC417L only" },
    },
  ],
  flags: [
    "The printed networks start from ImageNet weights, which this project does not have: ours are from scratch.",
    "The names Litt3200 and LittC2SE are exchanged in print: with them exchanged every cell is a fraction of the cycles that fold 4 has of that device and class.",
  ],
  ambiguities: [2, 3, 5, 55],
  fullRun: { steps: 10_800, hours: 55 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 55 hours on two cores: 10,800 steps" },
  command:
    'npx auscult run respirenet/table6-single-device --row "AKGC417L" --task 4-class --fold device-only:AKGC417L@fold4 --protocol published --profile full',
};
