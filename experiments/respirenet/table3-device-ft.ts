import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 3: gain by device fine-tuning.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/table3-device-ft --row "AKGC417L" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 45,100 steps, about 213 hours on two cores. Filled by the runs of respirenet/table1.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table3-device-ft",
  paper: "respirenet",
  kind: "ablation",
  title: "Table 3: gain by device fine-tuning",
  citation: "RespireNet on ICBHI, Table 3",
  vary: "device fine-tuning, by device",
  metric: "gain in Score",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [{ key: "gain", title: "gain in Score", unit: "points", decimals: 1, measure: { metric: "score" } }],
  rows: [
    {
      name: "AKGC417L",
      printed: { gain: 1.7 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
      measure: { device: "AKGC417L", minus: { experiment: "respirenet/table1", row: "CNN+CBA+BRC" } },
    },
    {
      name: "Meditron",
      printed: { gain: 1.6 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
      measure: { device: "Meditron", minus: { experiment: "respirenet/table1", row: "CNN+CBA+BRC" } },
    },
    {
      name: "Litt3200",
      printed: { gain: 9.3 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
      measure: { device: "Litt3200", minus: { experiment: "respirenet/table1", row: "CNN+CBA+BRC" } },
    },
    {
      name: "LittC2SE",
      printed: { gain: 8.6 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
      measure: { device: "LittC2SE", minus: { experiment: "respirenet/table1", row: "CNN+CBA+BRC" } },
    },
  ],
  flags: [
    "The printed networks start from ImageNet weights, which this project does not have: ours are from scratch.",
    "The names Litt3200 and LittC2SE are exchanged in print: the gain of 9.3 belongs to LittC2SE, 8.6 to Litt3200.",
    "The shares of the devices are counted in respirenet/table3-device-shares.",
  ],
  ambiguities: [2, 3, 5, 61],
  fullRun: { steps: 45_100, hours: 213 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 213 hours on two cores: 45,100 steps" },
  command:
    'npx auscult run respirenet/table3-device-ft --row "AKGC417L" --task 4-class --fold fold4 --protocol published --profile full',
};
