import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 2: input length.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/table2-length --row "1 s" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 17,200 steps, about 84 hours on two cores. Lengths that split cycles into windows take more
 * steps than stated.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table2-length",
  paper: "respirenet",
  kind: "ablation",
  title: "Table 2: input length",
  citation: "RespireNet on ICBHI, Table 2",
  vary: "input length in seconds; base CNN",
  metric: "Score",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [{ key: "score", title: "Score", unit: "percent", decimals: 1 }],
  rows: [
    { name: "1 s", printed: { score: 56.6 }, state: "built", fullRun: { steps: 17_200, hours: 12 } },
    { name: "2 s", printed: { score: 59.0 }, state: "built", fullRun: { steps: 17_200, hours: 24 } },
    { name: "3 s", printed: { score: 60.3 }, state: "built", fullRun: { steps: 17_200, hours: 36 } },
    { name: "4 s", printed: { score: 61.1 }, state: "built", fullRun: { steps: 17_200, hours: 48 } },
    { name: "5 s", printed: { score: 62.3 }, state: "built", fullRun: { steps: 17_200, hours: 60 } },
    { name: "6 s", printed: { score: 64.4 }, state: "built", fullRun: { steps: 17_200, hours: 72 } },
    {
      name: "7 s",
      printed: { score: 66.2 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      fullRun: { steps: 17_200, hours: 84 },
    },
    { name: "8 s", printed: { score: 65.1 }, state: "built", fullRun: { steps: 17_200, hours: 96 } },
    { name: "9 s", printed: { score: 65.5 }, state: "built", fullRun: { steps: 17_200, hours: 108 } },
  ],
  flags: ["The printed networks start from ImageNet weights, which this project does not have: ours are from scratch."],
  ambiguities: [2, 3, 55, 57, 62, 63],
  fullRun: { steps: 17_200, hours: 84 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 84 hours on two cores: 17,200 steps" },
  command:
    'npx auscult run respirenet/table2-length --row "1 s" --task 4-class --fold fold4 --protocol published --profile full',
};
