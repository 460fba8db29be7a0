import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * The official 60/40 split of ICBHI: a floor.
 *
 * A network trained from scratch on the stored log-mel maps of the cycles (icbhi-logmel): no printed numbers, but the floor that the
 * papers' networks must beat on the same split.
 *
 *     npx auscult run baseline/icbhi-official --task 4-class --protocol honest --protocol published --profile full
 *
 * Costs about a minute a run with the quick profile on two cores, some ten minutes with the full one. Under published the epoch is
 * the best on the test set, as in the papers; under honest the best on 20 % of the training patients.
 */
export const entry: ExperimentEntry = {
  id: "baseline/icbhi-official",
  paper: "baseline",
  kind: "baseline",
  title: "ICBHI, official split: a floor",
  citation: "this project's own, not printed",
  vary: "task",
  metric: "Sp, Se and Score",
  testSet: "official",
  tasks: ["4-class", "2-class"],
  folds: ["official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [
    { key: "4-sp", title: "4-class Sp", unit: "percent", decimals: 1, task: "4-class", measure: { metric: "sp" } },
    { key: "4-se", title: "4-class Se", unit: "percent", decimals: 1, task: "4-class", measure: { metric: "se" } },
    {
      key: "4-score",
      title: "4-class Score",
      unit: "percent",
      decimals: 1,
      task: "4-class",
      measure: { metric: "score" },
    },
    { key: "2-sp", title: "2-class Sp", unit: "percent", decimals: 1, task: "2-class", measure: { metric: "sp" } },
    { key: "2-se", title: "2-class Se", unit: "percent", decimals: 1, task: "2-class", measure: { metric: "se" } },
    {
      key: "2-score",
      title: "2-class Score",
      unit: "percent",
      decimals: 1,
      task: "2-class",
      measure: { metric: "score" },
    },
  ],
  rows: [{ name: "lean CNN", printed: {}, state: "built" }],
  flags: [
    "Patients 156 and 218 are on both sides of the official split; honest leaves them out of training.",
    "Calling every cycle normal has Sp 100 %, Se 0 % and Score 50 %: a Score tells nothing without its Sp and Se.",
  ],
  ambiguities: [2],
  fullRun: { steps: 3900, hours: 0.25 },
  cost: {
    smoke: "seconds",
    quick: "about a minute on two cores",
    full: "some ten minutes on two cores: 30 epochs",
  },
  command:
    "npx auscult run baseline/icbhi-official --task 4-class --protocol honest --protocol published --profile full",
};
