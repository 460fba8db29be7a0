import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Ablations in the text: augmentation, padding, clipping, fine-tuning.
 *
 * The paper on RespireNet (ICBHI).
 *
 *     npx auscult run respirenet/text-ablations --row "No augmentation" --task 4-class --fold fold4 --protocol published --profile full
 *
 * A run of the full budget takes 17,200 steps, about 84 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/text-ablations",
  paper: "respirenet",
  kind: "ablation",
  title: "Ablations in the text: augmentation, padding, clipping, fine-tuning",
  citation: "RespireNet on ICBHI, text",
  vary: "augmentation and padding",
  metric: "Score",
  testSet: "fold4",
  tasks: ["4-class"],
  folds: ["fold4"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "score", title: "Score", unit: "percent", decimals: 1 },
    { key: "gain", title: "gain in Score", unit: "points", measure: { metric: "score" } },
    { key: "se-gain", title: "gain in Se", unit: "points", measure: { metric: "se" } },
  ],
  rows: [
    { name: "No augmentation", printed: { score: 62.2 }, state: "built", fullRun: { steps: 17_200, hours: 84 } },
    {
      name: "Standard augmentation",
      printed: { score: 66.2 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      fullRun: { steps: 17_200, hours: 84 },
    },
    {
      name: "Standard + CBA",
      printed: { score: 66.8, "se-gain": 1.5 },
      state: "built",
      measures: { "se-gain": { minus: "Standard augmentation" } },
      fullRun: { steps: 36_000, hours: 170 },
    },
    {
      name: "Smart over zero padding",
      printed: { gain: 5 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measures: { gain: { minus: "Zero padding" } },
    },
    {
      name: "Smart over reflection padding",
      printed: { gain: 2 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN", task: "4-class", fold: "fold4" },
      measures: { gain: { minus: "Reflection padding" } },
    },
    { name: "Zero padding", printed: {}, state: "built", fullRun: { steps: 17_200, hours: 84 } },
    { name: "Reflection padding", printed: {}, state: "built", fullRun: { steps: 17_200, hours: 84 } },
    {
      name: "Standard + BRC",
      printed: { gain: 0.5 },
      state: "built",
      measures: { gain: { minus: "Standard augmentation" } },
      fullRun: { steps: 17_200, hours: 84 },
    },
    {
      name: "BRC + CBA",
      printed: { score: 67.1 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC", task: "4-class", fold: "fold4" },
      fullRun: { steps: 36_000, hours: 170 },
    },
    {
      name: "Device fine-tuning",
      printed: { gain: 1.4 },
      state: "built",
      runs: { experiment: "respirenet/table1", row: "CNN+CBA+BRC+FT", task: "4-class", fold: "fold4" },
      measures: { gain: { minus: "BRC + CBA" } },
      fullRun: { steps: 45_100, hours: 213 },
    },
  ],
  flags: [
    "The printed networks start from ImageNet weights, which this project does not have: ours are from scratch.",
    "Zero and reflection padding are rows without a printed number: print states only what smart padding gains over them.",
  ],
  ambiguities: [2, 3, 57, 58, 60, 63, 64],
  fullRun: { steps: 17_200, hours: 84 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 84 hours on two cores: 17,200 steps" },
  command:
    'npx auscult run respirenet/text-ablations --row "No augmentation" --task 4-class --fold fold4 --protocol published --profile full',
};
