import { type Assessment, isIcbhi } from "../../evaluation/assessment.js";
import { accuracy, type ConfusionMatrix } from "../../evaluation/confusion.js";
import { glanceGazeScores, icbhiScores } from "../../evaluation/icbhiScores.js";
import { perClassScores } from "../../evaluation/perClass.js";
import { sprSoundScores } from "../../evaluation/sprsoundScores.js";
import type { Measure } from "../entry.js";
import type { RunSummary } from "./summaryLine.js";

/** A number that pooled counts give: from 0 to 1, or a count. */
export interface CountedMetric {
  /** Tells it from the others of one table. */
  name: string;
  of(pooled: ConfusionMatrix): number;
}

/** The metric of a cell, for sets like this one; undefined where counts do not give it (a class that is not there, a size, an AUC). */
export function countedMetric(measure: Measure, set: Assessment): CountedMetric | undefined {
  const { class: label, predicted } = measure;
  const metric = integratedMetric(measure) ?? measure.metric ?? "score";
  const { labels } = set.confusion;
  const name = [metric, label, predicted].filter((part) => part !== undefined).join("/");
  if (label !== undefined && !labels.includes(label)) return undefined;
  if (metric === "count") {
    const [i, j] = [labels.indexOf(label ?? ""), labels.indexOf(predicted ?? label ?? "")];
    return i < 0 || j < 0 ? undefined : { name, of: ({ counts }) => counts[i]![j]! };
  }
  if (metric === "rowShare") {
    const [i, j] = [labels.indexOf(label ?? ""), labels.indexOf(predicted ?? label ?? "")];
    if (i < 0 || j < 0) return undefined;
    return { name, of: ({ counts }) => counts[i]![j]! / counts[i]!.reduce((sum, count) => sum + count, 0) };
  }
  if (metric === "accuracy" && label === undefined) return { name, of: accuracy };
  const scores = scoresOf(set);
  if (label === undefined && metric in scores(set.confusion)) {
    return { name, of: (pooled) => scores(pooled)[metric] ?? Number.NaN };
  }
  if (metric === "precision" || metric === "recall" || metric === "f1" || metric === "support") {
    return { name, of: (pooled) => ofClasses(pooled, metric, label) };
  }
  return undefined;
}

const OF_RECORDS: Readonly<Record<string, string>> = { recordScore: "score", recordSe: "se", recordSp: "sp" };

/** Which score of integrated recordings a measure asks for; undefined where it asks for none. */
export function integratedMetric({ metric = "" }: Measure): string | undefined {
  return Object.hasOwn(OF_RECORDS, metric) ? OF_RECORDS[metric] : undefined;
}

/** The challenge's scores by name. */
export function scoresOf(set: Assessment): (pooled: ConfusionMatrix) => Record<string, number> {
  if (isIcbhi(set)) return (pooled) => ({ ...icbhiScores(pooled), ...glanceGazeNames(pooled) });
  // Poor Quality is neither normal nor adventitious.
  const adventitiousFrom = set.confusion.labels[1] === "Poor Quality" ? 2 : 1;
  return (pooled) => ({ ...sprSoundScores(pooled, adventitiousFrom) });
}

/** Glance-and-Gaze's own definitions, where they differ from the challenge's. */
function glanceGazeNames(pooled: ConfusionMatrix): Record<string, number> {
  const { acc, pre, rec, f1 } = glanceGazeScores(pooled);
  return { acc, pre, rec, f1OfMacros: f1 };
}

function ofClasses(pooled: ConfusionMatrix, metric: "precision" | "recall" | "f1" | "support", label?: string): number {
  const { classes, macro } = perClassScores(pooled);
  if (label !== undefined) return classes.find((one) => one.label === label)![metric];
  return metric === "support" ? classes.reduce((sum, { support }) => sum + support, 0) : macro[metric];
}

/** A number of a run that does not come from counts, such as its size; undefined where it keeps none. */
export function keptNumber({ metric, set, channel = 0 }: Measure, { result }: RunSummary): number | undefined {
  if (metric === "parameters") return result.parameters;
  if (metric === "seconds") return result.seconds;
  if (metric === "epochs") return result.epochs;
  if (metric === "lateMean") return result.lastEpochs.role === "test" ? result.lastEpochs.mean : undefined;
  if (metric === "lateDeviation") return result.lastEpochs.role === "test" ? result.lastEpochs.deviation : undefined;
  if (metric === "imageMean") return result.imageStatistics?.mean[channel];
  if (metric === "imageDeviation") return result.imageStatistics?.deviation[channel];
  if (metric !== "auc" && metric !== "loss") return undefined;
  const tests =
    set === undefined ? Object.values(result.tests) : [result.tests[set]].filter((test) => test !== undefined);
  return tests.length > 0 ? tests.reduce((sum, test) => sum + test[metric], 0) / tests.length : undefined;
}
