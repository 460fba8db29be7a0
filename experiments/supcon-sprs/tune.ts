import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Tuning: search of settings.
 *
 * The paper on supervised contrastive pretraining of ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023 grand challenge.
 *
 *     npx auscult run supcon-sprs/tune --row "CNN" --task 11 --protocol published --profile full
 *
 * A run of the full budget takes 33,400 steps, an estimated 16 hours on two cores. Ten trials of at most 20 epochs; the estimate is
 * without early stopping.
 */
export const entry: ExperimentEntry = {
  id: "supcon-sprs/tune",
  paper: "supcon-sprs",
  kind: "search",
  title: "Tuning: search of settings",
  citation: "SupCon-pretrained ResNet18 with MixUp on SPRSound, IEEE BioCAS 2023, text and code",
  vary: "learning rate, network widths, features and temperature",
  metric: "Score on the held-out part",
  testSet: "held-out part of train2022",
  tasks: ["11", "12", "21", "22"],
  protocols: ["published", "honest"],
  presets: ["paper", "authors"],
  columns: [],
  rows: [
    {
      name: "CNN",
      printed: {},
      state: "built",
      about: { space: "lr 1e-4 to 1e-1 (log); c1 2, 4, 6, 8; c2 8 to 64; kernel 2 to 4; l1 64 to 512; l2 8 to 64" },
      fullRun: { steps: 33_400, hours: 1 },
    },
    {
      name: "Features",
      printed: {},
      state: "built",
      about: { space: "hop 64 to 512 in steps of 32; coefficients 8 to 64 in steps of 2" },
      fullRun: { steps: 33_400, hours: 1 },
    },
    {
      name: "SupCon",
      printed: {},
      state: "built",
      about: { space: "temperature 0.1 to 0.9; lr 1e-4 to 1e-2 (log)" },
      fullRun: { steps: 33_400, hours: 16 },
    },
  ],
  shows: "ten trials, TPE, successive halving: at most 20 epochs, grace 1, reduction 2",
  flags: [
    "Described as Bayesian optimisation; the code searches with TPE. What it found is only the tuned row of Table III.",
  ],
  ambiguities: [46],
  fullRun: { steps: 33_400, hours: 16 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "an estimated 16 hours on two cores: 33,400 steps" },
  command: 'npx auscult run supcon-sprs/tune --row "CNN" --task 11 --protocol published --profile full',
};
