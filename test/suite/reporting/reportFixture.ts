import type { ReportCell, ReportModel, ReportRun } from "../../../src/suite/reporting/reportModel.js";

const printed: Record<string, number> = { "1-1": 0.708, "1-2": 0.576, "2-1": 0.557, "2-2": 0.443 };

function history(epochs: number, withTest: boolean): ReportRun["history"] {
  return Array.from({ length: epochs }, (_, i) => {
    const wobble = Math.sin(i * 2.4) * 0.09 + Math.sin(i * 5.1) * 0.05;
    const score = 0.74 - 0.35 * Math.exp(-i / 4) + wobble;
    return {
      epoch: i + 1,
      "train/loss": 0.25 + 0.6 * Math.exp(-i / 5),
      "select/loss": 0.55 + 0.3 * Math.exp(-i / 3) - wobble,
      "select/score": score,
      "select/auc": 0.86 - 0.2 * Math.exp(-i / 3),
      ...(withTest && {
        "test/inter/score": score - 0.04,
        "test/intra/score": score - 0.02,
        "test/mean/score": score - 0.03,
      }),
    };
  });
}

function run(task: string, over: Partial<ReportRun> = {}): ReportRun {
  return {
    runId: "6f1d0c3e9a8b4c5d",
    name: `ResNet 18, task ${task}, seed 1`,
    row: "ResNet 18",
    task,
    protocol: "honest",
    preset: "paper",
    profile: "quick",
    seed: 1,
    epochs: 24,
    seconds: 247,
    chosenEpoch: 17,
    chosenBy: "best Score of the select role",
    madeUp: false,
    caveats: [],
    metrics: { "test/inter/score": 0.6723, "test/intra/score": 0.7012, "test/mean/score": 0.6868 },
    scoresBySet: {
      inter: {
        se: 0.712,
        sp: 0.638,
        as: 0.675,
        hs: 0.673,
        score: 0.674,
        low: 0.601,
        high: 0.742,
        auc: 0.779,
        loss: 0.61,
        items: 1429,
        patients: 41,
        intervals: { se: { low: 0.6, high: 0.8 }, sp: { low: 0.55, high: 0.72 } },
      },
      intra: {
        se: 0.731,
        sp: 0.672,
        as: 0.7015,
        hs: 0.7003,
        score: 0.7009,
        low: 0.66,
        high: 0.741,
        auc: 0.79,
        loss: 0.58,
        items: 1004,
        patients: 162,
      },
      mean: { se: 0.7215, sp: 0.655, as: 0.68825, hs: 0.68665, score: 0.68745, low: 0.641, high: 0.733 },
    },
    endOfRun: { role: "select", lastEpoch: 0.641, median: 0.702, mean: 0.69, low: 0.641, high: 0.744, epochs: 3 },
    history: history(24, false),
    confusionBySet: {
      inter: {
        labels: ["Normal", "Adventitious"],
        counts: [
          [664, 376],
          [112, 277],
        ],
      },
      intra: {
        labels: ["Normal", "Adventitious"],
        counts: [
          [462, 226],
          [85, 231],
        ],
      },
    },
    splitNotes: [
      "Select: 50 of 251 training patients, held out by patient; none of them is trained on.",
      "Inter: 41 patients, none in training. Intra: all 162 patients are also in training.",
    ],
    testOpenings: ["inter: once, for the final scores", "intra: once, for the final scores"],
    provenance: {
      "train digest": "b1946ac92492d2347c6235b4",
      "split digest": "591785b794601e21",
      "code revision": "c08eca7",
    },
    trackingUrl: "http://127.0.0.1:5000/#/experiments/1/runs/6f1d0c3e9a8b4c5d",
    ...over,
  };
}

/** A report as a quick run of two tasks would give it; every number is invented. */
export function reportFixture(over: Partial<ReportModel> = {}): ReportModel {
  const why = "other test set, reduced budget";
  const ours: Record<string, ReportCell["ours"]> = {
    "1-1": { mean: 0.687, low: 0.641, high: 0.733, n: 1 },
    "2-2": { mean: 0.402, low: 0.341, high: 0.466, n: 3 },
  };
  const cells = Object.keys(printed).map((column): ReportCell => {
    const measured = ours[column] ?? null;
    return {
      id: `ResNet 18/${column}`,
      row: "ResNet 18",
      column,
      printed: printed[column]!,
      ours: measured,
      verdict: measured ? "not comparable" : "not run",
      why: measured ? why : "",
      ...{ unit: "share", decimals: 3, optimism: null, protocolGap: null, caveats: [], runs: [] },
    };
  });
  const records = ["Normal", "Poor Quality", "CAS", "DAS", "CAS & DAS"];
  return {
    id: "supcon-sprs/table3",
    title: "ResNet18 on SPRSound: topology and technique, final test score",
    ...{ kind: "ablation", vary: "topology", metric: "Score, final test set", testSet: "test2023", comparisons: [] },
    citation: "Hu et al., Supervised contrastive pretrained ResNet18 with MixUp, BioCAS 2023, Table III",
    command:
      "npx auscult run supcon-sprs/table3 --row 'ResNet 18' --task 11 --protocol honest --profile quick --seed 1",
    protocol: "honest",
    preset: "paper",
    profile: "quick",
    madeUp: false,
    data: "SPRSound, 2022 release, real recordings: 1,949 training, 355 inter and 379 intra test recordings",
    budget: "quick: 24 epochs of 200 steps; the paper's own budget is the full profile",
    contradictions: [],
    decisions: [],
    notes: [
      "The printed numbers are on the 2023 test set, which was not found; ours are the mean of inter and intra 2022.",
      "Tasks 1-2 and 2-1 were not run.",
    ],
    cells,
    runs: [
      run("11"),
      run("22", {
        name: "ResNet 18, task 22, seed 1",
        protocol: "published",
        chosenBy: "best validation Score (20 % random items)",
        endOfRun: { role: "test", lastEpoch: 0.38, median: 0.39, mean: 0.391, low: 0.35, high: 0.43, epochs: 3 },
        history: history(24, true),
        confusionBySet: {
          inter: {
            labels: records,
            counts: [
              [150, 20, 30, 31, 10],
              [3, 4, 1, 0, 0],
              [9, 2, 31, 8, 15],
              [4, 2, 3, 12, 3],
              [0, 0, 0, 0, 0],
            ],
          },
        },
      }),
    ],
    generatedAt: "2026-11-21T12:00:00Z",
    ...over,
  };
}
