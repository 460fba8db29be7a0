import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 9: confusion matrix, 8-2 split.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig9 --row "Ours (cos)" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 25,800 steps, about 39 hours on two cores. Filled by the runs of cycleguardian/fig8.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig9",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 9: confusion matrix, 8-2 split",
  citation: "CycleGuardian on ICBHI, Figure 9",
  vary: "none",
  metric: "a picture",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "Ours (cos)",
      printed: {},
      state: "built",
      runs: { experiment: "cycleguardian/fig8", row: "Ours (cos)", task: "4-class", fold: "fold4" },
    },
  ],
  shows: "4 x 4 confusion matrix of fold 4",
  picture: "confusion",
  flags: [],
  ambiguities: [2],
  fullRun: { steps: 25_800, hours: 39 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 39 hours on two cores: 25,800 steps" },
  command:
    'npx auscult run cycleguardian/fig9 --row "Ours (cos)" --task 4-class --fold fold4 --protocol published --profile full',
};
