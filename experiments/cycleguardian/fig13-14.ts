import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figures 13 and 14: demonstration on a phone.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig13-14 --row "Demonstration" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 34 hours on two cores. It shows a trained network of
 * cycleguardian/table2.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig13-14",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figures 13 and 14: demonstration on a phone",
  citation: "CycleGuardian on ICBHI, Figures 13 and 14",
  vary: "floating-point or integer inference",
  metric: "a picture",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak"],
  protocols: ["published"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "Demonstration",
      printed: {},
      state: "built",
      runs: {
        experiment: "cycleguardian/table2",
        row: "Ours (soft cos)",
        task: "4-class",
        fold: "official-patient-leak",
      },
    },
  ],
  shows: "live waveform, probabilities of the four classes, a switch between floating-point and integer inference",
  flags: [
    "No latency, accuracy or kind of quantisation is printed.",
    "Here the demonstration is a page: auscult export, then auscult listen (docs/listen.md); how far integers change the answers stands in the card of what was exported.",
  ],
  ambiguities: [19],
  fullRun: { steps: 20_400, hours: 34 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 34 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/fig13-14 --row "Demonstration" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
