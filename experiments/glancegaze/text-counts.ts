import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Cycles by class as the text has them, and the sizes of its 70/30 split.
 *
 *     npx auscult run glancegaze/text-counts
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "glancegaze/text-counts",
  paper: "glancegaze",
  kind: "dataset",
  title: "Cycles by class, and the 70/30 split",
  citation: "Glance-and-Gaze network on ICBHI, data section",
  vary: "none",
  metric: "cycles and shares",
  testSet: "random-cycle-70-30",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [
    { key: "cycles", title: "Cycles", unit: "count", count: {} },
    { key: "percent", title: "Percent", unit: "percent", count: {} },
  ],
  rows: [
    { name: "Crackle", printed: { cycles: 1864 }, state: "counted", count: { class: "Crackle" } },
    { name: "Wheeze", printed: { cycles: 886 }, state: "counted", count: { class: "Wheeze" } },
    { name: "Mix", printed: { cycles: 506 }, state: "counted", count: { class: "Both" } },
    {
      name: "Normal",
      printed: { cycles: null },
      state: "counted",
      count: { class: "Normal" },
      about: { print: "in words: the rest" },
    },
    {
      name: "Train",
      printed: { cycles: 4829 },
      state: "counted",
      count: { split: "random-cycle-70-30", side: "train" },
      about: { print: "70 % of 6,898 cycles" },
    },
    {
      name: "Test",
      printed: { cycles: 2069 },
      state: "counted",
      count: { split: "random-cycle-70-30", side: "test" },
      about: { print: "30 % of 6,898 cycles" },
    },
    {
      name: "Train, share",
      printed: { percent: 70 },
      state: "counted",
      count: { split: "random-cycle-70-30", side: "train", shareOf: "side" },
    },
    {
      name: "Test, share",
      printed: { percent: 30 },
      state: "counted",
      count: { split: "random-cycle-70-30", side: "test", shareOf: "side" },
    },
  ],
  flags: ["The paper prints the shares of its split; 4,829 and 2,069 are the cycles that they make, drawn by class."],
  ambiguities: [50],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run glancegaze/text-counts",
};
