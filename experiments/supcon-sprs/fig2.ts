import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Figure 2: embeddings.
 *
 * The paper on supervised contrastive pretraining of ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023 grand challenge.
 *
 *     npx auscult run supcon-sprs/fig2 --row "ResNet 18 + SupCon" --task 11 --protocol published --profile full
 *
 * A run of the full budget takes 11,690 steps, an estimated 5 hours on two cores. Filled by the runs of supcon-sprs/table3.
 */
export const entry: ExperimentEntry = {
  id: "supcon-sprs/fig2",
  paper: "supcon-sprs",
  kind: "figure",
  title: "Figure 2: embeddings",
  citation: "SupCon-pretrained ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023, Figure 2",
  vary: "task; perplexity 30 with learning rate 200, perplexity 50 with learning rate 500",
  metric: "a picture",
  testSet: "held-out part of train2022",
  tasks: ["11", "12", "21", "22"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "ResNet 18 + SupCon",
      printed: {},
      state: "built",
      runs: { experiment: "supcon-sprs/table3", row: "ResNet 18 + SupCon" },
    },
  ],
  picture: "embeddings",
  shows: "t-SNE of the pretrained embeddings of the validation items, four tasks, seed 42",
  flags: [],
  ambiguities: [41, 43],
  fullRun: { steps: 11_690, hours: 5 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "an estimated 5 hours on two cores: 11,690 steps" },
  command: 'npx auscult run supcon-sprs/fig2 --row "ResNet 18 + SupCon" --task 11 --protocol published --profile full',
};
