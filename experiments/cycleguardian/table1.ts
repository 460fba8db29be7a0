import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 1: cycles of ICBHI by class and side.
 *
 * The sides are counted on the reading that fits the print, the official list by patient.
 *
 *     npx auscult run cycleguardian/table1
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table1",
  paper: "cycleguardian",
  kind: "dataset",
  title: "Table 1: cycles by class and side",
  citation: "CycleGuardian on ICBHI, Table 1",
  vary: "none",
  metric: "cycles, and the share of each class on a side",
  testSet: "official-patient-leak",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "normal", title: "Normal", unit: "count", count: { class: "Normal" } },
    { key: "crackle", title: "Crackle", unit: "count", count: { class: "Crackle" } },
    { key: "wheeze", title: "Wheeze", unit: "count", count: { class: "Wheeze" } },
    { key: "both", title: "Both", unit: "count", count: { class: "Both" } },
    { key: "total", title: "Total", unit: "count", count: {} },
    {
      key: "normalShare",
      title: "Normal share",
      unit: "share",
      decimals: 2,
      count: { class: "Normal", shareOf: "class" },
    },
    {
      key: "crackleShare",
      title: "Crackle share",
      unit: "share",
      decimals: 2,
      count: { class: "Crackle", shareOf: "class" },
    },
    {
      key: "wheezeShare",
      title: "Wheeze share",
      unit: "share",
      decimals: 2,
      count: { class: "Wheeze", shareOf: "class" },
    },
    { key: "bothShare", title: "Both share", unit: "share", decimals: 2, count: { class: "Both", shareOf: "class" } },
  ],
  rows: [
    {
      name: "All cycles",
      printed: { normal: 3642, crackle: 1864, wheeze: 886, both: 506, total: 6898 },
      state: "counted",
    },
    {
      name: "Train",
      printed: { total: 4262, normalShare: 0.49, crackleShare: 0.29, wheezeShare: 0.12, bothShare: 0.1 },
      state: "counted",
      count: { split: "official-patient-leak", side: "train" },
    },
    {
      name: "Valid",
      printed: { total: 2873, normalShare: 0.55, crackleShare: 0.24, wheezeShare: 0.14, bothShare: 0.07 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test" },
    },
  ],
  flags: [
    "The paper names the official split; its sides are that list read by patient, so patients 156 and 218 (237 cycles) are on both. cycleguardian/text-counts holds the same numbers against the list as published.",
  ],
  ambiguities: [1],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run cycleguardian/table1",
};
