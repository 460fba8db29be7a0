import type { CurvesData } from "../../figures/curves.js";
import type { RunResult } from "../../papers/runResult.js";

/** Of training, but no losses. */
const NO_LOSSES = ["train/learningRate", "train/gradientNorm"];

/** The training loss by epoch and, where it is made of several, its parts before their weights. */
export function lossCurves({ history, chosenEpoch }: Pick<RunResult, "history" | "chosenEpoch">): CurvesData {
  const names = Object.keys(history[0]?.metrics ?? {}).filter(
    (name) => name.startsWith("train/") && !NO_LOSSES.includes(name),
  );
  return {
    yLabel: "training loss, parts before their weights (nats)",
    chosenEpoch,
    series: names.map((name) => ({
      name: name === "train/loss" ? "total" : name.slice("train/".length),
      epochs: history.map(({ epoch }) => epoch),
      values: history.map(({ metrics }) => metrics[name] ?? null),
    })),
  };
}
