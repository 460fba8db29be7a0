import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Alternatives: tried by the authors.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/readme-extra --row "CNN + Mixup" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 17,200 steps, about 84 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/readme-extra",
  paper: "respirenet",
  kind: "ablation",
  title: "Alternatives: tried by the authors",
  citation: "RespireNet on ICBHI, readme of the authors' repository",
  vary: "network and mixing",
  metric: "Sp, Se and Score",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "sp", title: "Sp", unit: "percent", decimals: 1, measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "percent", decimals: 1, measure: { metric: "se" } },
    { key: "score", title: "Score", unit: "percent", decimals: 1, measure: { metric: "score" } },
  ],
  rows: [
    { name: "CNN + Mixup", printed: { sp: 73.9, se: 48.9, score: 61.4 }, state: "built" },
    { name: "CNN + VGGish", printed: { sp: 76.0, se: 42.2, score: 59.1 }, state: "not built" },
    { name: "Hybrid CNN + Transformer", printed: { sp: 75.3, se: 49.9, score: 63.2 }, state: "not built" },
  ],
  flags: [
    "The printed networks start from ImageNet weights, which this project does not have: ours are from scratch.",
    "From the readme of the authors' repository, not from the paper. Its MixUp has alpha 0.5.",
  ],
  ambiguities: [2, 3, 63],
  fullRun: { steps: 17_200, hours: 84 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 84 hours on two cores: 17,200 steps" },
  command:
    'npx auscult run respirenet/readme-extra --row "CNN + Mixup" --task 4-class --fold fold4 --protocol published --profile full',
};
