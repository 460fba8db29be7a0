import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 7: class shares and cycles by recording device and side.
 *
 * Counted on the reading that fits the print, the official list by patient; LittC2SE has no test cycles.
 *
 *     npx auscult run cycleguardian/table7
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/table7",
  paper: "cycleguardian",
  kind: "dataset",
  title: "Table 7: class shares by device",
  citation: "CycleGuardian on ICBHI, Table 7",
  vary: "device and side",
  metric: "share of each class, and cycles",
  testSet: "official-patient-leak",
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
      name: "Meditron train",
      printed: { normal: 0.7, crackle: 0.15, wheeze: 0.1, both: 0.05, total: 1048 },
      state: "counted",
      count: { split: "official-patient-leak", side: "train", device: "Meditron" },
    },
    {
      name: "Meditron valid",
      printed: { normal: 0.64, crackle: 0.18, wheeze: 0.1, both: 0.08, total: 494 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", device: "Meditron" },
    },
    {
      name: "LittC2SE train",
      printed: { normal: 0.59, crackle: 0.13, wheeze: 0.21, both: 0.07, total: 594 },
      state: "counted",
      count: { split: "official-patient-leak", side: "train", device: "LittC2SE" },
    },
    {
      name: "LittC2SE valid",
      printed: { normal: null, crackle: null, wheeze: null, both: null, total: 0 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", device: "LittC2SE" },
    },
    {
      name: "Litt3200 train",
      printed: { normal: 0.27, crackle: 0.1, wheeze: 0.39, both: 0.24, total: 49 },
      state: "counted",
      count: { split: "official-patient-leak", side: "train", device: "Litt3200" },
    },
    {
      name: "Litt3200 valid",
      printed: { normal: 0.69, crackle: 0.06, wheeze: 0.2, both: 0.04, total: 474 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", device: "Litt3200" },
    },
    {
      name: "AKGC417L train",
      printed: { normal: 0.39, crackle: 0.39, wheeze: 0.1, both: 0.12, total: 2571 },
      state: "counted",
      count: { split: "official-patient-leak", side: "train", device: "AKGC417L" },
    },
    {
      name: "AKGC417L valid",
      printed: { normal: 0.5, crackle: 0.29, wheeze: 0.13, both: 0.08, total: 1905 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", device: "AKGC417L" },
    },
  ],
  flags: [
    "The paper names the official split; the numbers are those of that list read by patient.",
    "Its device names are right; RespireNet exchanges Litt3200 and LittC2SE.",
    "With the three shares that are one unit off, their rows add up to 1.00.",
  ],
  ambiguities: [1, 5],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run cycleguardian/table7",
};
