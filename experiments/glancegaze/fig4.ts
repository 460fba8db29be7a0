import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 4: confusion matrices.
 *
 * The paper on the Glance-and-Gaze network (ICBHI).
 *
 *     npx auscult run glancegaze/fig4 --row "VGG16" --task 4-class --fold random-cycle-70-30 --protocol published --profile full
 *
 * A run of the full budget takes 23,400 steps, about 45 hours on two cores. Filled by the runs of glancegaze/table2.
 */
export const entry: ExperimentEntry = {
  id: "glancegaze/fig4",
  paper: "glancegaze",
  kind: "figure",
  title: "Figure 4: confusion matrices",
  citation: "Glance-and-Gaze network on ICBHI, Figure 4",
  vary: "network",
  metric: "a picture",
  testSet: "random-cycle-70-30",
  tasks: ["4-class"],
  folds: ["random-cycle-70-30", "patient-70-30", "official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [],
  rows: [
    {
      name: "VGG16",
      printed: {},
      state: "built",
      runs: { experiment: "glancegaze/table2", row: "VGG16", task: "4-class", fold: "random-cycle-70-30" },
    },
    {
      name: "CRNN",
      printed: {},
      state: "built",
      runs: { experiment: "glancegaze/table2", row: "CRNN", task: "4-class", fold: "random-cycle-70-30" },
    },
    {
      name: "BiGRU+ATT",
      printed: {},
      state: "built",
      runs: { experiment: "glancegaze/table2", row: "BiGRU+ATT", task: "4-class", fold: "random-cycle-70-30" },
    },
    {
      name: "Proposed",
      printed: {},
      state: "built",
      runs: { experiment: "glancegaze/table2", row: "Proposed", task: "4-class", fold: "random-cycle-70-30" },
    },
  ],
  picture: "confusion",
  shows:
    "confusion matrices of the four networks; the proposed one is said to be best on normal and crackle, second on wheeze and mix; no numbers",
  flags: [],
  ambiguities: [1, 2, 49, 50, 51, 52, 53, 54],
  fullRun: { steps: 23_400, hours: 45 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 45 hours on two cores: 23,400 steps" },
  command:
    'npx auscult run glancegaze/fig4 --row "VGG16" --task 4-class --fold random-cycle-70-30 --protocol published --profile full',
};
