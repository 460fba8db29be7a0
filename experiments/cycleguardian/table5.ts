import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 5: class shares and cycles of the five folds of the patient list.
 *
 *     npx auscult run cycleguardian/table5
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table5",
  paper: "cycleguardian",
  kind: "dataset",
  title: "Table 5: class shares of the five folds",
  citation: "CycleGuardian on ICBHI, Table 5",
  vary: "fold and side",
  metric: "share of each class, and cycles",
  testSet: "fold0 to fold4",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "normal", title: "Normal", unit: "share", decimals: 2, count: { class: "Normal", shareOf: "class" } },
    { key: "crackle", title: "Crackle", unit: "share", decimals: 2, count: { class: "Crackle", shareOf: "class" } },
    { key: "wheeze", title: "Wheeze", unit: "share", decimals: 2, count: { class: "Wheeze", shareOf: "class" } },
    { key: "both", title: "Both", unit: "share", decimals: 2, count: { class: "Both", shareOf: "class" } },
    { key: "total", title: "Number", unit: "count", count: {} },
  ],
  rows: [
    {
      name: "Fold 0 train",
      printed: { normal: 0.6, crackle: 0.19, wheeze: 0.16, both: 0.05, total: 3433 },
      state: "counted",
      count: { split: "fold0", side: "train" },
    },
    {
      name: "Fold 0 valid",
      printed: { normal: 0.45, crackle: 0.34, wheeze: 0.1, both: 0.1, total: 3455 },
      state: "counted",
      count: { split: "fold0", side: "test" },
    },
    {
      name: "Fold 1 train",
      printed: { normal: 0.51, crackle: 0.28, wheeze: 0.12, both: 0.07, total: 6194 },
      state: "counted",
      count: { split: "fold1", side: "train" },
    },
    {
      name: "Fold 1 valid",
      printed: { normal: 0.65, crackle: 0.12, wheeze: 0.15, both: 0.08, total: 704 },
      state: "counted",
      count: { split: "fold1", side: "test" },
    },
    {
      name: "Fold 2 train",
      printed: { normal: 0.51, crackle: 0.28, wheeze: 0.14, both: 0.08, total: 6362 },
      state: "counted",
      count: { split: "fold2", side: "train" },
    },
    {
      name: "Fold 2 valid",
      printed: { normal: 0.75, crackle: 0.2, wheeze: 0.04, both: 0.01, total: 536 },
      state: "counted",
      count: { split: "fold2", side: "test" },
    },
    {
      name: "Fold 3 train",
      printed: { normal: 0.52, crackle: 0.29, wheeze: 0.11, both: 0.08, total: 6139 },
      state: "counted",
      count: { split: "fold3", side: "train" },
    },
    {
      name: "Fold 3 valid",
      printed: { normal: 0.58, crackle: 0.11, wheeze: 0.27, both: 0.04, total: 759 },
      state: "counted",
      count: { split: "fold3", side: "test" },
    },
    {
      name: "Fold 4 train",
      printed: { normal: 0.52, crackle: 0.27, wheeze: 0.12, both: 0.08, total: 5454 },
      state: "counted",
      count: { split: "fold4", side: "train" },
    },
    {
      name: "Fold 4 valid",
      printed: { normal: 0.54, crackle: 0.27, wheeze: 0.14, both: 0.04, total: 1444 },
      state: "counted",
      count: { split: "fold4", side: "test" },
    },
  ],
  flags: ["The folds are those of the patient list published with RespireNet."],
  ambiguities: [],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run cycleguardian/table5",
};
