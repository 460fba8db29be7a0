import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 5: the share of each class that a recording device has.
 *
 *     npx auscult run respirenet/table5-device-shares
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table5-device-shares",
  paper: "respirenet",
  kind: "dataset",
  title: "Table 5: devices' shares of each class",
  citation: "RespireNet on ICBHI, Table 5",
  vary: "device",
  metric: "share of a class's cycles that a device has",
  testSet: "none: the whole data set",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "normal", title: "Normal", unit: "share", decimals: 2, count: { class: "Normal", shareOf: "device" } },
    { key: "crackle", title: "Crackle", unit: "share", decimals: 2, count: { class: "Crackle", shareOf: "device" } },
    { key: "wheeze", title: "Wheeze", unit: "share", decimals: 2, count: { class: "Wheeze", shareOf: "device" } },
    { key: "both", title: "Both", unit: "share", decimals: 2, count: { class: "Both", shareOf: "device" } },
  ],
  rows: [
    {
      name: "AKGC417L",
      printed: { normal: 0.53, crackle: 0.83, wheeze: 0.56, both: 0.75 },
      state: "counted",
      count: { device: "AKGC417L" },
    },
    {
      name: "Meditron",
      printed: { normal: 0.28, crackle: 0.11, wheeze: 0.17, both: 0.11 },
      state: "counted",
      count: { device: "Meditron" },
    },
    {
      name: "Litt3200",
      printed: { normal: 0.1, crackle: 0.02, wheeze: 0.14, both: 0.09 },
      state: "counted",
      count: { device: "Litt3200" },
    },
    {
      name: "LittC2SE",
      printed: { normal: 0.09, crackle: 0.04, wheeze: 0.13, both: 0.05 },
      state: "counted",
      count: { device: "LittC2SE" },
    },
  ],
  flags: [
    "The numbers of Litt3200 and LittC2SE are exchanged against the recordings' names; CycleGuardian's Table 7 has them right. The crackle column is not exchanged.",
  ],
  ambiguities: [5],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run respirenet/table5-device-shares",
};
