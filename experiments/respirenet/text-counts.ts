import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Counts that stand in the text and beside Figure 5.
 *
 *     npx auscult run respirenet/text-counts
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/text-counts",
  paper: "respirenet",
  kind: "dataset",
  title: "Counts in the text",
  citation: "RespireNet on ICBHI, text and Figure 5",
  vary: "none",
  metric: "cycles and patients",
  testSet: "fold4",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "cycles", title: "Cycles", unit: "count", count: {} },
    { key: "patients", title: "Patients", unit: "count", count: { of: "patients" } },
  ],
  rows: [
    { name: "Normal", printed: { cycles: 3642 }, state: "counted", count: { class: "Normal" } },
    { name: "Crackle", printed: { cycles: 1864 }, state: "counted", count: { class: "Crackle" } },
    { name: "Wheeze", printed: { cycles: 886 }, state: "counted", count: { class: "Wheeze" } },
    { name: "Both", printed: { cycles: 506 }, state: "counted", count: { class: "Both" } },
    { name: "AKGC417L", printed: { cycles: 4364, patients: 32 }, state: "counted", count: { device: "AKGC417L" } },
    { name: "Meditron", printed: { cycles: 1468, patients: 64 }, state: "counted", count: { device: "Meditron" } },
    { name: "Litt3200", printed: { patients: 11 }, state: "counted", count: { device: "Litt3200" } },
    { name: "LittC2SE", printed: { patients: 23 }, state: "counted", count: { device: "LittC2SE" } },
    { name: "Fold 4, train", printed: { cycles: 5454 }, state: "counted", count: { split: "fold4", side: "train" } },
    { name: "Fold 4, test", printed: { cycles: 1444 }, state: "counted", count: { split: "fold4", side: "test" } },
    {
      name: "Test samples of Figure 5",
      printed: { cycles: 1370 },
      state: "counted",
      count: { split: "fold4", side: "test" },
      about: { place: "Figure 5" },
    },
  ],
  flags: [
    "Table 4 has 4,346 and 1,456 cycles for AKGC417L and Meditron where the text has 4,364 and 1,468.",
    "Table 6 can only be of fold 4, which has 1,444 test cycles where Figure 5 says 1,370.",
  ],
  ambiguities: [5],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run respirenet/text-counts",
};
