import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 1: patients of the three data sets; a picture without numbers.
 *
 *     npx auscult run multibreath/fig1
 *
 * Costs a second: annotations are counted, nothing is trained.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/fig1",
  paper: "multibreath",
  kind: "dataset",
  title: "Figure 1: patients by data set",
  citation: "Multi-breath on ICBHI, Figure 1",
  vary: "data set",
  metric: "patients",
  testSet: "none: whole data sets",
  tasks: [],
  protocols: [],
  presets: [],
  columns: [{ key: "patients", title: "Patients", unit: "count", count: { of: "patients" } }],
  rows: [
    { name: "ICBHI", printed: { patients: null }, state: "counted", count: { dataset: "icbhi" } },
    {
      name: "SPRSound",
      printed: { patients: null },
      state: "counted",
      count: { dataset: "sprsound", split: "release2022" },
      about: { release: "2022" },
    },
    {
      name: "KAUH",
      printed: { patients: null },
      state: "not counted",
      about: { why: "only its publisher can state it" },
    },
  ],
  shows: "patients of ICBHI, SPRSound and KAUH",
  flags: ["A picture: no numbers are printed, so there is nothing to hold the counts against."],
  ambiguities: [],
  fullRun: null,
  cost: {
    smoke: "a second: nothing is trained",
    quick: "a second: nothing is trained",
    full: "a second: nothing is trained",
  },
  command: "npx auscult run multibreath/fig1",
};
