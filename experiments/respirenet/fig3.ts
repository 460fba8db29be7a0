import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 3: clipping, two examples.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/fig3 --row "CNN" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 36,000 steps, about 170 hours on two cores. Filled by the runs of respirenet/table1.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/fig3",
  paper: "respirenet",
  kind: "figure",
  title: "Figure 3: clipping, two examples",
  citation: "RespireNet on ICBHI, Figure 3",
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
  picture: "cam-examples",
  shows: "Grad-CAM++ of two misclassified cycles before and after clipping blank regions",
  flags: [
    "The paper does not name its two cycles. Here they are the first by name, of 24 taken evenly from the test set, that the network without clipping gets wrong, those first that the one with clipping gets right.",
    "The map is that of the class that was decided, over the mean of the picture's three channels.",
  ],
  ambiguities: [60],
  fullRun: { steps: 36_000, hours: 170 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 170 hours on two cores: 36,000 steps" },
  command:
    'npx auscult run respirenet/fig3 --row "CNN" --task 4-class --fold fold4 --protocol published --profile full',
};
