import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 6: device fine-tuning.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/fig6 --row "CNN+CBA+BRC" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 45,100 steps, about 213 hours on two cores. Filled by the runs of respirenet/table1.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/fig6",
  paper: "respirenet",
  kind: "figure",
  title: "Figure 6: device fine-tuning",
  citation: "RespireNet on ICBHI, Figure 6",
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
      name: "CNN+CBA+BRC",
      printed: {},
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC", task: "4-class", fold: "fold4" },
    },
    {
      name: "CNN+CBA+BRC+FT",
      printed: {},
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
    },
  ],
  picture: "confusion",
  shows: "confusion matrices before and after fine-tuning by device",
  flags: [],
  ambiguities: [61],
  fullRun: { steps: 45_100, hours: 213 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 213 hours on two cores: 45,100 steps" },
  command:
    'npx auscult run respirenet/fig6 --row "CNN+CBA+BRC" --task 4-class --fold fold4 --protocol published --profile full',
};
