import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 3, the column of shares; its gains are respirenet/table3-device-ft.
 *
 *     npx auscult run respirenet/table3-device-shares
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/table3-device-shares",
  paper: "respirenet",
  kind: "dataset",
  title: "Table 3, share column: cycles by device",
  citation: "RespireNet on ICBHI, Table 3, column of shares",
  vary: "device",
  metric: "share of all cycles",
  testSet: "none: the whole data set",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [{ key: "share", title: "Share", unit: "percent", count: { shareOf: "device" } }],
  rows: [
    { name: "AKGC417L", printed: { share: 63 }, state: "counted", count: { device: "AKGC417L" } },
    { name: "Meditron", printed: { share: 21 }, state: "counted", count: { device: "Meditron" } },
    { name: "Litt3200", printed: { share: 9 }, state: "counted", count: { device: "Litt3200" } },
    { name: "LittC2SE", printed: { share: 7 }, state: "counted", count: { device: "LittC2SE" } },
  ],
  flags: [
    "The numbers of Litt3200 and LittC2SE are exchanged against the recordings' names; CycleGuardian's Table 7 has them right. So the gain of 9.3 in respirenet/table3-device-ft belongs to LittC2SE, and 8.6 to Litt3200.",
  ],
  ambiguities: [5],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run respirenet/table3-device-shares",
};
