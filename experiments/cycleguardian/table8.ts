import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 8: augmentation.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/table8 --row "Base DEC" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores. The printed numbers stand beside runs on
 * "official-patient-leak".
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table8",
  paper: "cycleguardian",
  kind: "ablation",
  title: "Table 8: augmentation",
  citation: "CycleGuardian on ICBHI, Table 8",
  vary: "augmentation, on the base DEC model without similarity loss and contrastive branch",
  metric: "Sp, Se and Score",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak", "official"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "sp", title: "Sp", unit: "percent", decimals: 2, measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "percent", decimals: 2, measure: { metric: "se" } },
    { key: "score", title: "Score", unit: "percent", decimals: 2, measure: { metric: "score" } },
  ],
  rows: [
    { name: "Base DEC", printed: { sp: 76.46, se: 36.21, score: 56.33 }, state: "built" },
    { name: "Audio Aug", printed: { sp: 80.56, se: 34.36, score: 57.46 }, state: "built" },
    { name: "Spectrogram Aug", printed: { sp: 77.42, se: 38.22, score: 57.82 }, state: "built" },
    { name: "Audio + Spec Aug", printed: { sp: 79.59, se: 37.53, score: 58.56 }, state: "built" },
  ],
  flags: [],
  ambiguities: [1, 2, 6, 7, 8, 12, 13, 14, 15, 16, 17, 18, 20, 23, 24, 64],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/table8 --row "Base DEC" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
