import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 4: how long cycles are; the two shares are printed beside it, the bins only drawn.
 *
 *     npx auscult run respirenet/fig4
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "respirenet/fig4",
  paper: "respirenet",
  kind: "dataset",
  title: "Figure 4: histogram of cycle lengths",
  citation: "RespireNet on ICBHI, Figure 4 and the text beside it",
  vary: "bin of the cycle's length",
  metric: "cycles, and their share",
  testSet: "none: the whole data set",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "cycles", title: "Cycles", unit: "count", count: {} },
    { key: "percent", title: "Percent", unit: "percent", count: { shareOf: "length" } },
  ],
  rows: [
    {
      name: "Under 3 s",
      printed: { cycles: null, percent: 65 },
      state: "counted",
      count: { lengthSeconds: [null, 3] },
    },
    {
      name: "4 to 6 s together",
      printed: { cycles: null, percent: 33 },
      state: "counted",
      count: { lengthSeconds: [4, 6] },
    },
    {
      name: "Above 3 and up to 6 s",
      printed: { cycles: null, percent: null },
      state: "counted",
      count: { lengthSeconds: [3, 6], includes: "to" },
    },
    { name: "0 to 1 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [0, 1] } },
    { name: "1 to 2 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [1, 2] } },
    { name: "2 to 3 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [2, 3] } },
    { name: "3 to 4 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [3, 4] } },
    { name: "4 to 5 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [4, 5] } },
    { name: "5 to 6 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [5, 6] } },
    { name: "6 to 7 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [6, 7] } },
    { name: "7 to 8 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [7, 8] } },
    { name: "8 to 9 s", printed: { cycles: null, percent: null }, state: "counted", count: { lengthSeconds: [8, 9] } },
    {
      name: "9 s and more",
      printed: { cycles: null, percent: null },
      state: "counted",
      count: { lengthSeconds: [9, null] },
    },
  ],
  shows: "histogram of cycle lengths",
  flags: ["The picture has no numbers; the text beside it has two shares, which leave 2 % for all other lengths."],
  ambiguities: [],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run respirenet/fig4",
};
