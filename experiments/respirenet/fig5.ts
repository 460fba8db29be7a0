import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 5: clipping, averaged.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/fig5 --row "CNN" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 36,000 steps, about 170 hours on two cores. Filled by the runs of respirenet/table1.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/fig5",
  paper: "respirenet",
  kind: "figure",
  title: "Figure 5: clipping, averaged",
  citation: "RespireNet on ICBHI, Figure 5",
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
      name: "CNN",
      printed: {},
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
    },
    {
      name: "CNN+CBA+BRC",
      printed: {},
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC", task: "4-class", fold: "fold4" },
    },
  ],
  picture: "cam-mean",
  shows: "Grad-CAM++ of the last residual stage, averaged over the test set, before and after clipping blank regions",
  flags: ["Print mentions 1,370 test samples; fold 4 has 1,444 cycles, and no fold has 1,370."],
  ambiguities: [60],
  fullRun: { steps: 36_000, hours: 170 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 170 hours on two cores: 36,000 steps" },
  command:
    'npx auscult run respirenet/fig5 --row "CNN" --task 4-class --fold fold4 --protocol published --profile full',
};
