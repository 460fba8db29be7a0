import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Source of pretraining: CNN6 with and without AudioSet.
 *
 * The paper on Multi-breath (ICBHI).
 *
 *     npx auscult run multibreath/pretrain-source --row "From scratch" --task 4-class --fold official --protocol published --profile full
 *
 * A run of the full budget takes 6,500 steps, about 9 hours on two cores. "From scratch" is filled by the runs of multibreath/table4.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/pretrain-source",
  paper: "multibreath",
  kind: "comparison",
  title: "Source of pretraining: CNN6 with AudioSet, SPRSound and without",
  citation: "Multi-breath on ICBHI, text and Table 5",
  vary: "what the backbone was trained on before",
  metric: "Sp, Se and Score",
  testSet: "official",
  tasks: ["4-class"],
  folds: ["official"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [
    { key: "sp", title: "Sp", unit: "share", measure: { metric: "sp" } },
    { key: "se", title: "Se", unit: "share", measure: { metric: "se" } },
    { key: "se-two", title: "Se of two categories", unit: "share", measure: { metric: "collapsedSe" } },
    { key: "score", title: "Score", unit: "share", measure: { metric: "score" } },
  ],
  rows: [
    {
      name: "AudioSet (printed)",
      printed: { sp: 0.73, se: 0.4537, score: 0.592 },
      state: "literature",
      repeats: [
        { experiment: "multibreath/table5", row: "Multi-CNN6 [ours]", columns: { sp: "sp", se: "se", score: "score" } },
      ],
    },
    {
      name: "From scratch",
      printed: {},
      state: "built",
      runs: { experiment: "multibreath/table4", row: "mel CNN6", fold: "official" },
    },
    { name: "SPRSound", printed: {}, state: "built" },
  ],
  flags: [
    "SPRSound: the backbone learns the seven kinds of events of its 251 children before, 50 epochs with the plain head; --init takes PANNs' weights of AudioSet, with --set pooling=panns.",
    "Announced, but only the pretraining marks of Table 5 carry it.",
    "reference/scl-icbhi states from another work what AudioSet weights are worth on CNN6.",
  ],
  ambiguities: [1, 2, 3],
  fullRun: { steps: 6500, hours: 9 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 9 hours on two cores: 6,500 steps" },
  command:
    'npx auscult run multibreath/pretrain-source --row "From scratch" --task 4-class --fold official --protocol published --profile full',
};
