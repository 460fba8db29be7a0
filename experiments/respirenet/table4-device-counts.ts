import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 4: patients and cycles by recording device.
 *
 *     npx auscult run respirenet/table4-device-counts
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table4-device-counts",
  paper: "respirenet",
  kind: "dataset",
  title: "Table 4: patients and cycles by device",
  citation: "RespireNet on ICBHI, Table 4",
  vary: "device",
  metric: "patients and cycles",
  testSet: "none: the whole data set",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "patients", title: "Patients", unit: "count", count: { of: "patients" } },
    { key: "normal", title: "Normal", unit: "count", count: { class: "Normal" } },
    { key: "crackle", title: "Crackle", unit: "count", count: { class: "Crackle" } },
    { key: "wheeze", title: "Wheeze", unit: "count", count: { class: "Wheeze" } },
    { key: "both", title: "Both", unit: "count", count: { class: "Both" } },
    { key: "total", title: "Total", unit: "count", count: {} },
  ],
  rows: [
    {
      name: "AKGC417L",
      printed: { patients: 32, normal: 1922, crackle: 1543, wheeze: 500, both: 381, total: 4346 },
      state: "counted",
      count: { device: "AKGC417L" },
    },
    {
      name: "Meditron",
      printed: { patients: 64, normal: 1037, crackle: 215, wheeze: 148, both: 56, total: 1456 },
      state: "counted",
      count: { device: "Meditron" },
    },
    {
      name: "Litt3200",
      printed: { patients: 11, normal: 347, crackle: 77, wheeze: 126, both: 44, total: 594 },
      state: "counted",
      count: { device: "Litt3200" },
    },
    {
      name: "LittC2SE",
      printed: { patients: 23, normal: 336, crackle: 29, wheeze: 112, both: 25, total: 502 },
      state: "counted",
      count: { device: "LittC2SE" },
    },
  ],
  flags: [
    "The cycles of Litt3200 and LittC2SE are exchanged, the patients are not.",
    "Patients by device add up to 130 where there are 126: four were recorded with two devices.",
  ],
  ambiguities: [5],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run respirenet/table4-device-counts",
};
