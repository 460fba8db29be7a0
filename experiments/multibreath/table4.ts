import type { ExperimentEntry } from "../../src/suite/entry.js";

/**
 * Table 4: front ends and splits.
 *
 * The paper on Multi-breath (ICBHI).
 *
 *     npx auscult run multibreath/table4 --row "mel CNN14" --task 4-class --fold official --protocol published --profile full
 *
 * A run of the full budget takes 6,500 steps, about 9 hours on two cores. The time is that of mel CNN6. Random cycles
 * share patients and exist under "published" only.
 */
export const entry: ExperimentEntry = {
  id: "multibreath/table4",
  paper: "multibreath",
  kind: "ablation",
  title: "Table 4: front ends and splits",
  citation: "Multi-breath on ICBHI, Table 4",
  vary: "front end x backbone x split; multi-label targets, attention head",
  metric: "Sp, Se and Score",
  testSet: "official; random-cycle-80-20",
  tasks: ["4-class"],
  folds: ["official", "random-cycle-80-20", "fold0", "fold1", "fold2", "fold3", "fold4"],
  protocols: ["published", "honest"],
  presets: ["paper"],
  columns: [
    { key: "60-40-sp", title: "60/40 Sp", unit: "share", fold: "official", measure: { metric: "sp" } },
    { key: "60-40-se", title: "60/40 Se", unit: "share", fold: "official", measure: { metric: "se" } },
    { key: "60-40-score", title: "60/40 Score", unit: "share", fold: "official", measure: { metric: "score" } },
    { key: "60-40-delta", title: "60/40 change", unit: "share", fold: "official", measure: { metric: "score" } },
    { key: "80-20-sp", title: "80/20 Sp", unit: "share", fold: "random-cycle-80-20", measure: { metric: "sp" } },
    { key: "80-20-se", title: "80/20 Se", unit: "share", fold: "random-cycle-80-20", measure: { metric: "se" } },
    {
      key: "80-20-score",
      title: "80/20 Score",
      unit: "share",
      fold: "random-cycle-80-20",
      measure: { metric: "score" },
    },
    {
      key: "80-20-delta",
      title: "80/20 change",
      unit: "share",
      fold: "random-cycle-80-20",
      measure: { metric: "score" },
    },
  ],
  rows: [
    {
      name: "mel CNN14",
      printed: {
        "60-40-sp": 0.7809,
        "60-40-se": 0.42,
        "60-40-score": 0.6,
        "80-20-sp": 0.8781,
        "80-20-se": 0.7097,
        "80-20-score": 0.7939,
      },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 18 },
    },
    {
      name: "EfficientLEAF CNN14",
      printed: {
        "60-40-sp": 0.8075,
        "60-40-se": 0.32,
        "60-40-score": 0.564,
        "60-40-delta": -0.036,
        "80-20-sp": 0.893,
        "80-20-se": 0.6292,
        "80-20-score": 0.7613,
        "80-20-delta": -0.0326,
      },
      state: "built",
      about: { pretraining: "AudioSet" },
      measures: { "60-40-delta": { minus: "mel CNN14" }, "80-20-delta": { minus: "mel CNN14" } },
      fullRun: { steps: 6500, hours: 225 },
    },
    {
      name: "mel CNN6",
      printed: {
        "60-40-sp": 0.73,
        "60-40-se": 0.4536,
        "60-40-score": 0.592,
        "80-20-sp": 0.83518,
        "80-20-se": 0.6945,
        "80-20-score": 0.7649,
      },
      state: "built",
      about: { pretraining: "AudioSet" },
      fullRun: { steps: 6500, hours: 9 },
    },
    {
      name: "EfficientLEAF CNN6",
      printed: {
        "60-40-sp": 0.782,
        "60-40-se": 0.371,
        "60-40-score": 0.576,
        "60-40-delta": -0.016,
        "80-20-sp": 0.864,
        "80-20-se": 0.67,
        "80-20-score": 0.767,
        "80-20-delta": 0.002,
      },
      state: "built",
      about: { pretraining: "AudioSet" },
      measures: { "60-40-delta": { minus: "mel CNN6" }, "80-20-delta": { minus: "mel CNN6" } },
      fullRun: { steps: 6500, hours: 114 },
    },
  ],
  flags: [
    "The printed rows start from AudioSet weights, which this project does not have: ours are from scratch.",
    'How the 80/20 split was made is not said. Its Scores are 8 to 11 points above the best patient-wise ones in these papers, so cycles drawn at random are likely: the print stands beside "random-cycle-80-20", and "fold4" is the patient-wise reading; the other folds show how far it depends on the patients.',
  ],
  ambiguities: [1, 2, 3, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 65],
  fullRun: { steps: 6500, hours: 9 },
  cost: { smoke: "seconds", quick: "minutes on two cores", full: "about 9 hours on two cores: 6,500 steps" },
  command:
    'npx auscult run multibreath/table4 --row "mel CNN14" --task 4-class --fold official --protocol published --profile full',
};
