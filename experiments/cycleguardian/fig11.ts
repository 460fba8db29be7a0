import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 11: Sp and Se against frames per group.
 *
 * The paper on CycleGuardian (ICBHI).
 *
 *     npx auscult run cycleguardian/fig11 --row "2 frames" --task 4-class --fold official-patient-leak --protocol published --profile full
 *
 * A run of the full budget takes 20,400 steps, about 25 hours on two cores. The estimate is that of 20 frames in 31 groups.
 */
export const entry: ExperimentEntry = {
  id: "cycleguardian/fig11",
  paper: "cycleguardian",
  kind: "figure",
  title: "Figure 11: Sp and Se against frames per group",
  citation: "CycleGuardian on ICBHI, Figure 11",
  vary: "frames per group, without overlap",
  metric: "Sp and Se",
  testSet: "official-patient-leak",
  tasks: ["4-class"],
  folds: ["official-patient-leak", "official"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [
    { key: "sp", title: "Sp", unit: "percent", measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "percent", measure: { metric: "se" } },
  ],
  rows: [
    { name: "2 frames", at: 2, printed: {}, state: "built", about: { groups: 313 } },
    { name: "5 frames", at: 5, printed: {}, state: "built", about: { groups: 125 } },
    { name: "10 frames", at: 10, printed: {}, state: "built", about: { groups: 62 } },
    { name: "15 frames", at: 15, printed: {}, state: "built", about: { groups: 41 } },
    { name: "20 frames", at: 20, printed: {}, state: "built", about: { groups: 31 } },
    { name: "25 frames", at: 25, printed: {}, state: "built", about: { groups: 25 } },
  ],
  shows:
    "Sp and Se against frames per group, 2 to 25; groups are the whole part of 626 / frames, the remainder is dropped; 20 frames are judged best",
  picture: "sweep",
  sweep: "frames per group",
  flags: ["The curve is printed without numbers. Below 7 frames the network has a geometry of its own (decision 21)."],
  ambiguities: [1, 2, 21],
  fullRun: { steps: 20_400, hours: 25 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 25 hours on two cores: 20,400 steps" },
  command:
    'npx auscult run cycleguardian/fig11 --row "2 frames" --task 4-class --fold official-patient-leak --protocol published --profile full',
};
