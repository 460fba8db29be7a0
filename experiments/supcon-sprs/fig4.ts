import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 4: labels of windows over time.
 *
 * The paper on supervised contrastive pretraining of ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023 grand challenge.
 *
 *     npx auscult run supcon-sprs/fig4 --row "Event level" --task 21 --protocol published --profile full
 *
 * A run of the full budget takes 12,950 steps, an estimated 6 hours on two cores. Drawn from the runs of supcon-sprs/table2.
 */
export const entry: ExperimentEntry = {
  id: "supcon-sprs/fig4",
  paper: "supcon-sprs",
  kind: "figure",
  title: "Figure 4: labels of windows over time",
  citation: "SupCon-pretrained ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023, Figure 4",
  vary: "none",
  metric: "a picture",
  testSet: "inter2022 and intra2022",
  tasks: ["21", "22"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "Event level",
      printed: {},
      state: "built",
      runs: { experiment: "supcon-sprs/table2", row: "Event level" },
    },
  ],
  picture: "windows",
  shows:
    "timeline of the labels of windows over one recording, as its events make them and as a run decided them, with the record labels",
  flags: [
    "The paper does not name its recording. Here it is the first by name of inter2022 in which a window of CAS comes right before one of CAS & DAS; of a run that tested a part of the set, one of that part.",
    "The notebook 6-supcon shows the same with the sound.",
  ],
  ambiguities: [39, 40],
  fullRun: { steps: 12_950, hours: 6 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "an estimated 6 hours on two cores: 12,950 steps" },
  command: 'npx auscult run supcon-sprs/fig4 --row "Event level" --task 21 --protocol published --profile full',
};
