import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Tuning of the baselines: search of the learning rate.
 *
 * The paper on the Glance-and-Gaze network (ICBHI).
 *
 *     npx auscult run glancegaze/tune --row "CRNN" --fold random-cycle-70-30 --protocol published --profile full
 *
 * Three trials of at most 20 epochs, none stopped early: the paper says that its baselines were tuned, and not how (papers.md 4.6). The rows of
 * glancegaze/table2 take what was found for their split, and say so where nothing was.
 */
export const entry: ExperimentEntry = {
  id: "glancegaze/tune",
  paper: "glancegaze",
  kind: "search",
  title: "Tuning of the baselines: search of the learning rate",
  citation: "Glance-and-Gaze network on ICBHI, text",
  vary: "learning rate",
  metric: "Score on held-out training cycles",
  testSet: "held-out part of the training side",
  tasks: ["4-class"],
  folds: ["random-cycle-70-30", "patient-70-30", "official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [],
  rows: [
    { name: "VGG16", printed: {}, state: "built", about: { space: "lr 1e-3, 3e-4, 1e-4" } },
    { name: "CRNN", printed: {}, state: "built", about: { space: "lr 1e-3, 3e-4, 1e-4" } },
    { name: "BiGRU+ATT", printed: {}, state: "built", about: { space: "lr 1e-3, 3e-4, 1e-4" } },
  ],
  shows: "three trials, each rate once",
  flags: [
    "Under honest the split's own held-out patients choose; under published every fifth training cycle is held out for the search alone.",
  ],
  ambiguities: [54],
  fullRun: { steps: 14_100, hours: 100 },
  cost: {
    smoke: "seconds",
    quick: "minutes on two cores",
    full: "hours on two cores, for VGG16 an estimated 100: 14,100 steps",
  },
  command: 'npx auscult run glancegaze/tune --row "CRNN" --fold random-cycle-70-30 --protocol published --profile full',
};
