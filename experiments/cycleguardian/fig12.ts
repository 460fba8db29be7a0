import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 12: noise augmentation alone.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig12 --row "Without noise" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig12",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 12: noise augmentation alone",
  citation: "CycleGuardian on ICBHI, Figure 12",
  vary: "noise augmentation, no other",
  metric: "a picture",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak", "official"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    { name: "Without noise", printed: {}, state: "built" },
    { name: "With noise", printed: {}, state: "built" },
  ],
  shows: "two 4 x 4 confusion matrices",
  picture: "confusion",
  flags: [],
  ambiguities: [1, 2, 18, 64],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/fig12 --row "Without noise" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
