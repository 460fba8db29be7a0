import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Counts that stand in the text, and the test set that Tables 3 and 4 imply.
 *
 * What is printed as the official split is held against the official list as published; cycleguardian/table1 has the reading that fits.
 *
 *     npx auscult run cycleguardian/text-counts
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/text-counts",
  paper: "cycleguardian",
  kind: "dataset",
  title: "Counts in the text, and what its tables imply",
  citation: "CycleGuardian on ICBHI, text beside Tables 1, 3 and 10; supports implied by Tables 3 and 4",
  vary: "none",
  metric: "cycles and shares",
  testSet: "official",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "cycles", title: "Cycles", unit: "count", count: {} },
    { key: "percent", title: "Percent", unit: "percent", count: {} },
  ],
  rows: [
    {
      name: "Training cycles, official split",
      printed: { cycles: 4262 },
      state: "counted",
      count: { split: "official", side: "train" },
      about: { place: "Table 1" },
    },
    {
      name: "Test cycles, official split",
      printed: { cycles: 2873 },
      state: "counted",
      count: { split: "official", side: "test" },
      about: { place: "Table 1" },
    },
    {
      name: "Normal test cycles quoted",
      printed: { cycles: 2063 },
      state: "counted",
      count: { split: "official", side: "test", class: "Normal" },
      about: { place: "beside Table 3" },
    },
    {
      name: "Both test cycles quoted",
      printed: { cycles: 363 },
      state: "counted",
      count: { split: "official", side: "test", class: "Both" },
      about: { place: "beside Table 3" },
    },
    {
      name: "Normal test cycles implied",
      printed: { cycles: 1589 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Normal" },
      about: { place: "Tables 3 and 4" },
    },
    {
      name: "Crackle test cycles implied",
      printed: { cycles: 679 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Crackle" },
      about: { place: "Tables 3 and 4" },
    },
    {
      name: "Wheeze test cycles implied",
      printed: { cycles: 429 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Wheeze" },
      about: { place: "Tables 3 and 4" },
    },
    {
      name: "Both test cycles implied",
      printed: { cycles: 210 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Both" },
      about: { place: "Tables 3 and 4" },
    },
    {
      name: "Test cycles implied",
      printed: { cycles: 2907 },
      state: "counted",
      count: { split: "official-patient-leak", side: "test" },
      about: { place: "Tables 3 and 4" },
    },
    {
      name: "Crackle cycles above 1.5 s",
      printed: { percent: 95 },
      state: "counted",
      count: { class: "Crackle", lengthSeconds: [1.5, null], includes: "to", shareOf: "length" },
      about: { place: "beside Table 10" },
    },
    {
      name: "Wheeze cycles above 1.5 s",
      printed: { percent: 80 },
      state: "counted",
      count: { class: "Wheeze", lengthSeconds: [1.5, null], includes: "to", shareOf: "length" },
      about: { place: "beside Table 10" },
    },
    {
      name: "Cycles under 3 s",
      printed: { percent: 65 },
      state: "counted",
      count: { lengthSeconds: [null, 3], shareOf: "length" },
      about: { place: "repeated from RespireNet" },
    },
    {
      name: "Cycles of 4 to 6 s",
      printed: { percent: 33 },
      state: "counted",
      count: { lengthSeconds: [4, 6], shareOf: "length" },
      about: { place: "repeated from RespireNet" },
    },
    {
      name: "Cycles above 3 and up to 6 s",
      printed: { percent: null },
      state: "counted",
      count: { lengthSeconds: [3, 6], includes: "to", shareOf: "length" },
    },
    {
      name: "Cycles on both sides, by patient",
      printed: { cycles: null },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", alsoIn: { side: "train" } },
    },
    {
      name: "Normal test cycles also trained",
      printed: { cycles: null },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Normal", alsoIn: { side: "train" } },
    },
    {
      name: "Crackle test cycles also trained",
      printed: { cycles: null },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Crackle", alsoIn: { side: "train" } },
    },
    {
      name: "Wheeze test cycles also trained",
      printed: { cycles: null },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Wheeze", alsoIn: { side: "train" } },
    },
    {
      name: "Both test cycles also trained",
      printed: { cycles: null },
      state: "counted",
      count: { split: "official-patient-leak", side: "test", class: "Both", alsoIn: { side: "train" } },
    },
  ],
  flags: [
    "Supports are not printed: rows named implied are what recall and counts of Tables 3 and 4 give together. They fit no split.",
    "Rows without a printed number show what the reading by patient means: that many test cycles were trained on.",
  ],
  ambiguities: [1, 22],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run cycleguardian/text-counts",
};
