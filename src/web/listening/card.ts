import type { Manifest } from "../../inference/manifest.js";

/** A model's card as terms and texts, for the page. */
export function cardOf(manifest: Manifest, calibrated: boolean): { term: string; text: string }[] {
  const { run, task, labels, outputs, input, card, version, calibration } = manifest;
  const lines: [string, string | undefined][] = [
    ["Experiment", [run.experiment, run.row].filter(Boolean).join(", ")],
    ["Task", `${task}: ${labels.join(", ")}`],
    ["Outputs", outputs.kind === "sigmoid" ? `${outputs.findings.join(", ")}, each by itself` : undefined],
    ["Learned from", card.data],
    ["Protocol", card.protocol],
    ...Object.entries(card.scores).map(([name, { score, low, high, se, sp }]): [string, string] => [
      `Score (${name})`,
      `${percent(score)} (95\u00a0% interval ${percent(low)} to ${percent(high)}); sensitivity ${percent(se)}, specificity ${percent(sp)}`,
    ]),
    ["Leaks", card.leaks.length > 0 ? card.leaks.join("; ") : undefined],
    ["Probabilities", calibrationText(manifest, calibrated)],
    [
      "Calibration error",
      calibrated && calibration
        ? `${percent(calibration.errorBefore)} before, ${percent(calibration.errorAfter)} after (${calibration.role})`
        : undefined,
    ],
    ["Input", `${input.recipe}, ${input.shape.join(" x ")} at ${input.sampleRateHz / 1000} kHz`],
    ["Run", run.id],
    ["Code", `${run.codeRevision || "unknown"}, exported by version ${version}`],
  ];
  return lines.flatMap(([term, text]) => (text ? [{ term, text }] : []));
}

/** Whether the probabilities are calibrated, in words. */
export function calibrationText({ outputs, calibration }: Manifest, calibrated: boolean): string {
  if (calibrated && calibration) return `calibrated (temperature ${calibration.temperature.toFixed(2)})`;
  return outputs.kind === "sigmoid"
    ? "not calibrated: sigmoid outputs as the network gives them"
    : "not calibrated: as the network gives them, often too sure";
}

/** What must stand beside every number. */
export function caveatsOf({ card }: Manifest): string[] {
  return [
    ...(card.madeUp ? ["This model learned from made-up sounds: its answers say nothing about anybody."] : []),
    ...(card.reduced ? [`Trained with less than the paper's budget: ${card.reduced}.`] : []),
  ];
}

/** How a label comes from the outputs, in words. */
export function ruleOf({ outputs, task }: Manifest): string {
  if (/^sprsound\/\d+-windows$/.test(task))
    return "The label is the one that the labels of all windows of a recording give.";
  if (outputs.kind === "softmax") return "The label is the output with the largest probability.";
  const { findings, threshold, decide } = outputs;
  if (decide === "combination") return `The label is the set of findings (${findings.join(", ")}) above ${threshold}.`;
  return "The label is the output with the largest score.";
}

/** Scores are shares in a manifest. */
function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)}\u00a0%` : "unknown";
}
