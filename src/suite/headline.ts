import type { ScoreIntervals } from "../evaluation/sprsoundAssessment.js";
import type { SprSoundScores } from "../evaluation/sprsoundScores.js";
import type { RunData } from "../papers/paper.js";
import type { RunResult } from "../papers/runResult.js";

/** The scores that stand beside the printed number, and whose they are. */
export interface Headline {
  of: string;
  scores: SprSoundScores;
  intervals?: ScoreIntervals;
}

/** The set of the printed numbers where a run has it, else the mean of the sets that it has. */
export function headlineOf({ data, result }: { data: RunData; result: RunResult }): Headline {
  const { printedTestSet } = data;
  const printed = printedTestSet === undefined ? undefined : result.tests[printedTestSet];
  if (!printed || printedTestSet === undefined) return { of: "mean of inter and intra", ...result.mean };
  const { scores, intervals } = printed;
  return { of: printedTestSet, scores, ...(intervals && { intervals }) };
}
