import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 6: training curves.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig6 --row "Ours (soft cos)" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores. Filled by the runs of cycleguardian/table2.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig6",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 6: training curves",
  citation: "CycleGuardian on ICBHI, Figure 6",
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
  ],
  shows: "contrastive, classification, similarity, clustering and total loss by epoch",
  picture: "losses",
  flags: [],
  ambiguities: [12, 20],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/fig6 --row "Ours (soft cos)" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
