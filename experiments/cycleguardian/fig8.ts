import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 8: confusion matrices of the five folds.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig8 --row "Ours (cos)" --task 4-class --fold fold0 --protocol published --profile full
 *
 * A run of the full budget takes 25,800 steps, about 39 hours on two cores. Fold 4 also fills Table 6 and Figure 9; the steps
 * are those of fold 4, the largest.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig8",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 8: confusion matrices of the five folds",
  citation: "CycleGuardian on ICBHI, Figure 8",
  vary: "fold",
  metric: "a picture",
  testSet: "fold0 to fold4",
  tasks: ["4-class"],
  folds: ["fold0", "fold1", "fold2", "fold3", "fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [{ name: "Ours (cos)", printed: {}, state: "built" }],
  shows: "five 4 x 4 confusion matrices, folds 0 to 4 of the public patient list",
  picture: "confusion",
  flags: [],
  ambiguities: [1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 23, 24, 64],
  fullRun: { steps: 25_800, hours: 39 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 39 hours on two cores: 25,800 steps" },
  command:
    'npx auscult run cycleguardian/fig8 --row "Ours (cos)" --task 4-class --fold fold0 --protocol published --profile full',
};
