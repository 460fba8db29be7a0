import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Weight of the attention: lambda 0.1, 0.3, 0.5 and 1.
 *
 * The paper on Multi-breath (ICBHI).
 *
 *     npx auscult run multibreath/lambda --row "lambda = 0.3" --task 4-class --fold official --protocol published --profile full
 *
 * A run of the full budget takes 6,500 steps, about 9 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/lambda",
  paper: "multibreath",
  kind: "ablation",
  title: "Weight of the attention: lambda 0.1, 0.3, 0.5 and 1",
  citation: "Multi-breath on ICBHI, text",
  vary: "lambda, the weight of the attention in the logits",
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
    {
      name: "lambda = 0.1",
      printed: {},
      state: "built",
      runs: { experiment: "multibreath/table4", row: "mel CNN6", fold: "official" },
    },
    { name: "lambda = 0.3", printed: {}, state: "built" },
    { name: "lambda = 0.5", printed: {}, state: "built" },
    { name: "lambda = 1", printed: {}, state: "built" },
  ],
  flags: [
    "Print gives no value. 0.1 is that of the attention's own authors; the others are those of a search around it. CNN6 here.",
  ],
  ambiguities: [1, 2, 25, 26, 27, 28, 29],
  fullRun: { steps: 6500, hours: 9 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 9 hours on two cores: 6,500 steps" },
  command:
    'npx auscult run multibreath/lambda --row "lambda = 0.3" --task 4-class --fold official --protocol published --profile full',
};
