import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Recordings, patients and cycles of the official split, as printed beside it.
 *
 *     npx auscult run multibreath/text-counts
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/text-counts",
  paper: "multibreath",
  kind: "dataset",
  title: "The official split in numbers",
  citation: "Multi-breath on ICBHI, data section",
  vary: "side",
  metric: "recordings, patients, cycles",
  testSet: "official",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "recordings", title: "Recordings", unit: "count", count: { of: "recordings" } },
    { key: "patients", title: "Patients", unit: "count", count: { of: "patients" } },
    { key: "normal", title: "Normal", unit: "count", count: { class: "Normal" } },
    { key: "crackle", title: "Crackle", unit: "count", count: { class: "Crackle" } },
    { key: "wheeze", title: "Wheeze", unit: "count", count: { class: "Wheeze" } },
    { key: "both", title: "Both", unit: "count", count: { class: "Both" } },
    { key: "total", title: "Total", unit: "count", count: {} },
  ],
  rows: [
    {
      name: "Train",
      printed: { recordings: 539, patients: 79, normal: 2063, crackle: 1215, wheeze: 501, both: 363, total: 4142 },
      state: "counted",
      count: { split: "official", side: "train" },
    },
    {
      name: "Test",
      printed: { recordings: 381, patients: 49, normal: 1579, crackle: 649, wheeze: 385, both: 143, total: 2756 },
      state: "counted",
      count: { split: "official", side: "test" },
    },
    {
      name: "On both sides",
      printed: { patients: 0 },
      state: "counted",
      count: { split: "official", side: "test", alsoIn: { side: "train" } },
      about: { print: "in words: patients do not overlap" },
    },
  ],
  flags: [
    "The official list is one of recordings: patients 156 and 218 have recordings on both sides, so 79 + 49 = 128 where there are 126 patients.",
  ],
  ambiguities: [1],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run multibreath/text-counts",
};
