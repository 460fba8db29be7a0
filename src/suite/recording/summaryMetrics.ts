import { type Assessment, namedScores } from "../../evaluation/assessment.js";
import type { RunCalibration } from "../../evaluation/runCalibration.js";
import type { RunResult } from "../../papers/runResult.js";
import { integratedSets } from "../integratedSets.js";
import { headlineOf, type Measured } from "./headline.js";

type Assessed = Pick<Assessment, "scores" | "intervals"> & Partial<Pick<Assessment, "auc" | "loss">>;

/**
 * The numbers of the chosen epoch's model, by the test set that they are of; "" for those of no single one. `summary/score` is the one
 * that stands beside the printed number.
 */
export function modelMetrics(run: Measured): Record<string, Record<string, number>> {
  const { result } = run;
  const sets = Object.entries(result.tests).map(([set, test]) => [set, named(`summary/${set}`, test)] as const);
  const over = { ...named("summary", headlineOf(run)), ...(result.mean && named("summary/mean", result.mean)) };
  for (const [set, { scores, intervals }] of integratedSets(result)) {
    Object.assign(over, named(`summary/${set}`, { scores, ...(intervals && { intervals }) }));
  }
  return { "": over, ...Object.fromEntries(sets) };
}

/**
 * What a run ends with that is not its model's: how the epoch was chosen, what other epochs would have given, and how far probabilities
 * can be trusted.
 */
export function endMetrics({
  chosenEpoch,
  lastEpochs,
  lastEpochScore,
  calibration,
}: RunResult): Record<string, number> {
  return {
    "summary/chosenEpoch": chosenEpoch,
    [`summary/${lastEpochs.role}ScoreMedianOfLastEpochs`]: lastEpochs.median,
    [`summary/${lastEpochs.role}ScoreOfLastEpoch`]: lastEpochScore,
    ...(calibration && calibrationMetrics(calibration)),
  };
}

function calibrationMetrics({ temperature, tests }: RunCalibration): Record<string, number> {
  const metrics: Record<string, number> = { "summary/temperature": temperature };
  for (const [set, { before, after }] of Object.entries(tests)) {
    for (const key of ["ece", "classwiseEce", "brier"] as const) metrics[`summary/${set}/${key}`] = before[key];
    for (const key of ["ece", "classwiseEce", "brier", "loss"] as const) {
      metrics[`summary/${set}/${key}AtTemperature`] = after[key];
    }
  }
  return metrics;
}

/** Scores with the bounds of their 95 % intervals; what was not measured is left out. */
function named(prefix: string, { scores, intervals, auc, loss }: Assessed): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const [key, value] of Object.entries(namedScores(scores))) metrics[`${prefix}/${key}`] = value;
  for (const key of ["score", "se", "sp"] as const) {
    const { low, high } = intervals?.[key] ?? {};
    if (low !== undefined) metrics[`${prefix}/${key}Low`] = low;
    if (high !== undefined) metrics[`${prefix}/${key}High`] = high;
  }
  if (auc !== undefined) metrics[`${prefix}/auc`] = auc;
  if (loss !== undefined) metrics[`${prefix}/loss`] = loss;
  return metrics;
}
