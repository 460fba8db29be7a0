import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 10: cycles of the whole data set by length and class.
 *
 *     npx auscult run cycleguardian/table10
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table10",
  paper: "cycleguardian",
  kind: "dataset",
  title: "Table 10: cycle lengths by class",
  citation: "CycleGuardian on ICBHI, Table 10",
  vary: "bin of the cycle's length",
  metric: "cycles",
  testSet: "none: the whole data set",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "normal", title: "Normal", unit: "count", count: { class: "Normal" } },
    { key: "crackle", title: "Crackle", unit: "count", count: { class: "Crackle" } },
    { key: "wheeze", title: "Wheeze", unit: "count", count: { class: "Wheeze" } },
    { key: "both", title: "Both", unit: "count", count: { class: "Both" } },
  ],
  rows: [
    {
      name: "0-100ms",
      printed: { normal: 0, crackle: 0, wheeze: 0, both: 0 },
      state: "counted",
      count: { lengthSeconds: [0, 0.1], includes: "to" },
    },
    {
      name: "100-200ms",
      printed: { normal: 1, crackle: 0, wheeze: 1, both: 0 },
      state: "counted",
      count: { lengthSeconds: [0.1, 0.2], includes: "to" },
    },
    {
      name: "200-300ms",
      printed: { normal: 6, crackle: 0, wheeze: 1, both: 0 },
      state: "counted",
      count: { lengthSeconds: [0.2, 0.3], includes: "to" },
    },
    {
      name: "300-600ms",
      printed: { normal: 43, crackle: 5, wheeze: 7, both: 2 },
      state: "counted",
      count: { lengthSeconds: [0.3, 0.6], includes: "to" },
    },
    {
      name: "600ms-1.5s",
      printed: { normal: 628, crackle: 113, wheeze: 112, both: 14 },
      state: "counted",
      count: { lengthSeconds: [0.6, 1.5], includes: "to" },
    },
    {
      name: "Above 1.5s",
      printed: { normal: 2964, crackle: 1746, wheeze: 766, both: 490 },
      state: "counted",
      count: { lengthSeconds: [1.5, null], includes: "to" },
    },
  ],
  flags: [
    "The last bin is named above 1.5 s, so each bin is counted with its upper edge.",
    "The wheeze column adds up to 887 where the class has 886 cycles: none of them lies in the bin 100-200ms.",
    "All other bins are right for lengths computed in double precision, where some cycles on an edge fall on its other side.",
  ],
  ambiguities: [],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run cycleguardian/table10",
};
