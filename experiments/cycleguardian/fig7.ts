import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 7: confusion matrix, official split.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig7 --row "Ours (soft cos)" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores. Filled by the runs of cycleguardian/table2.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig7",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 7: confusion matrix, official split",
  citation: "CycleGuardian on ICBHI, Figure 7",
  vary: "none",
  metric: "a picture",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "Ours (soft cos)",
      printed: {},
      state: "built",
      runs: {
        experiment: "cycleguardian/table2",
        row: "Ours (soft cos)",
        task: "4-class",
        fold: "official-patient-leak",
      },
    },
    {
      name: "Ours (cos)",
      printed: {},
      state: "built",
      runs: { experiment: "cycleguardian/table2", row: "Ours (cos)", task: "4-class", fold: "official-patient-leak" },
    },
  ],
  shows: "4 x 4 confusion matrix; print does not say of which similarity term",
  picture: "confusion",
  flags: [],
  ambiguities: [1, 22],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/fig7 --row "Ours (soft cos)" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
