import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 4: each abnormal class against normal, cos model.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/table4 --row "Crackle vs. Normal" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores. Filled by the runs of cycleguardian/table2, row
 * "Ours (cos)".
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table4",
  paper: "cycleguardian",
  kind: "result",
  title: "Table 4: each abnormal class against normal, cos model",
  citation: "CycleGuardian on ICBHI, Table 4",
  vary: "none; pairwise counts against the normal class",
  metric: "cycles",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "tp", title: "decided as that class", unit: "count", measure: { metric: "count" } },
    { key: "fp", title: "normal decided as it", unit: "count", measure: { metric: "count" } },
    { key: "fn", title: "decided as normal", unit: "count", measure: { metric: "count" } },
  ],
  rows: [
    {
      name: "Crackle vs. Normal",
      printed: { tp: 201, fp: 73, fn: 465 },
      state: "built",
      runs: { experiment: "cycleguardian/table2", row: "Ours (cos)", task: "4-class", fold: "official-patient-leak" },
      measures: {
        tp: { class: "Crackle", predicted: "Crackle" },
        fp: { class: "Normal", predicted: "Crackle" },
        fn: { class: "Crackle", predicted: "Normal" },
      },
    },
    {
      name: "Wheeze vs. Normal",
      printed: { tp: 112, fp: 91, fn: 295 },
      state: "built",
      runs: { experiment: "cycleguardian/table2", row: "Ours (cos)", task: "4-class", fold: "official-patient-leak" },
      measures: {
        tp: { class: "Wheeze", predicted: "Wheeze" },
        fp: { class: "Normal", predicted: "Wheeze" },
        fn: { class: "Wheeze", predicted: "Normal" },
      },
    },
    {
      name: "Both vs. Normal",
      printed: { tp: 128, fp: 12, fn: 64 },
      state: "built",
      runs: { experiment: "cycleguardian/table2", row: "Ours (cos)", task: "4-class", fold: "official-patient-leak" },
      measures: {
        tp: { class: "Both", predicted: "Both" },
        fp: { class: "Normal", predicted: "Both" },
        fn: { class: "Both", predicted: "Normal" },
      },
    },
  ],
  flags: [
    "With Table 3 it implies 1,589 normal, 679 crackle, 429 wheeze and 210 both cycles, 2,907 in all; Table 1 has 2,873.",
  ],
  ambiguities: [1, 2, 22],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/table4 --row "Crackle vs. Normal" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
