import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Means and deviations of the training pictures, printed in the authors' code.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/image-statistics --row "Red" --preset authors --protocol published --profile full
 *
 * A run of the full budget takes 17,200 steps, about 96 hours on two cores; the pictures' statistics are taken before the first step.
 * Filled by runs of respirenet/table1, row "CNN".
 */
export const entry: ExperimentEntry = {
  id: "respirenet/image-statistics",
  paper: "respirenet",
  kind: "result",
  title: "Means and deviations of the training pictures",
  citation: "RespireNet on ICBHI, constants in the authors' repository",
  vary: "channel of the picture",
  metric: "mean of the pictures' means and of their standard deviations, values from 0 to 1",
  testSet: "none; training cycles of fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["authors", "paper"],
  columns: [
    { key: "mean", title: "mean", unit: "share", decimals: 4, measure: { metric: "imageMean" } },
    { key: "deviation", title: "deviation", unit: "share", decimals: 4, measure: { metric: "imageDeviation" } },
  ],
  rows: [
    {
      name: "Red",
      printed: { mean: 0.5091, deviation: 0.2288 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { channel: 0 },
    },
    {
      name: "Green",
      printed: { mean: 0.1739, deviation: 0.1285 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { channel: 1 },
    },
    {
      name: "Blue",
      printed: { mean: 0.4363, deviation: 0.0743 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measure: { channel: 2 },
    },
  ],
  flags: [
    "The authors' code takes them of augmented pictures at each start; ours are of pictures that nothing was done to.",
    'They depend on the band-pass (preset "paper"), on clipping and on which devices the audio at hand is of.',
  ],
  ambiguities: [55, 56],
  fullRun: { steps: 17_200, hours: 96 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 96 hours on two cores: 17,200 steps" },
  command:
    'npx auscult run respirenet/image-statistics --row "Red" --preset authors --protocol published --profile full',
};
