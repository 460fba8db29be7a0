import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Number of heads: 1, 2, 4 and 6.
 *
 * The paper on Multi-breath (ICBHI).
 *
 *     npx auscult run multibreath/heads --row "H = 1" --task 4-class --fold official --protocol published --profile full
 *
 * A run of the full budget takes 6,500 steps, about 9 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/heads",
  paper: "multibreath",
  kind: "ablation",
  title: "Number of heads: 1, 2, 4 and 6",
  citation: "Multi-breath on ICBHI, text",
  vary: "heads of the attention classifier",
  metric: "Sp, Se and Score",
  testSet: "official",
  tasks: ["4-class"],
  folds: ["official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [
    { key: "sp", title: "Sp", unit: "share", measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "share", measure: { metric: "se" } },
    { key: "se-two", title: "Se of two categories", unit: "share", measure: { metric: "collapsedSe" } },
    { key: "score", title: "Score", unit: "share", measure: { metric: "score" } },
  ],
  rows: [
    { name: "H = 1", printed: {}, state: "built" },
    { name: "H = 2", printed: {}, state: "built" },
    { name: "H = 4", printed: {}, state: "built" },
    {
      name: "H = 6",
      printed: {},
      state: "built",
      runs: { experiment: "multibreath/table4", row: "mel CNN6", fold: "official" },
    },
  ],
  flags: ["Described as tried; no numbers are printed, and the backbone is not named: CNN6 here."],
  ambiguities: [1, 2, 25, 26, 27, 28, 29],
  fullRun: { steps: 6500, hours: 9 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 9 hours on two cores: 6,500 steps" },
  command:
    'npx auscult run multibreath/heads --row "H = 1" --task 4-class --fold official --protocol published --profile full',
};
