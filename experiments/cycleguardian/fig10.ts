import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 10: a device left out of training.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig10 --row "Without Meditron" --task 4-class --fold device-excluded:Meditron --protocol published --profile full
 *
 * A run of the full budget takes 19,800 steps, about 32 hours on two cores.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig10",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 10: a device left out of training",
  citation: "CycleGuardian on ICBHI, Figure 10",
  vary: "the device left out",
  metric: "a picture",
  testSet: "device-excluded:X",
  tasks: ["4-class"],
  folds: ["device-excluded:Meditron", "device-excluded:Litt3200", "device-excluded:AKGC417L"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "Without Meditron",
      printed: {},
      state: "built",
      runs: { fold: "device-excluded:Meditron" },
      fullRun: { steps: 15_000, hours: 25 },
    },
    {
      name: "Without Litt3200",
      printed: {},
      state: "built",
      runs: { fold: "device-excluded:Litt3200" },
      fullRun: { steps: 19_800, hours: 32 },
    },
    {
      name: "Without AKGC417L",
      printed: {},
      state: "built",
      runs: { fold: "device-excluded:AKGC417L" },
      fullRun: { steps: 7800, hours: 14 },
    },
  ],
  shows: "three 4 x 4 confusion matrices, each on the left-out device's part of the official test set",
  picture: "confusion",
  flags: ["LittC2SE cannot be tested: it has no cycle in the official test set."],
  ambiguities: [1, 2, 5],
  fullRun: { steps: 19_800, hours: 32 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 32 hours on two cores: 19,800 steps" },
  command:
    'npx auscult run cycleguardian/fig10 --row "Without Meditron" --task 4-class --fold device-excluded:Meditron --protocol published --profile full',
};
