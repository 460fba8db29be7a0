import type { Protocol } from "../../datasets/split.js";
import type { Assessment } from "../../evaluation/assessment.js";
import type { RunData } from "../../papers/paper.js";
import type { RunResult } from "../../papers/runResult.js";

/** The scores that stand beside the printed number, and whose they are. */
export interface Headline {
  of: string;
  scores: Assessment["scores"];
  intervals?: Assessment["intervals"];
}

/** What a headline is taken from; a run's record is one. */
export interface Measured {
  data: RunData;
  request: { protocol: Protocol };
  result: RunResult;
}

/**
 * The set of the printed numbers where a run has it, and the only set where there is one. Else of SPRSound under `honest` the unseen patients (inter) alone, under `published` the mean
 * of inter and intra, whose patients are known.
 */
export function headlineOf({ data, request, result }: Measured): Headline {
  const set = data.printedTestSet ?? "";
  const printed = result.tests[set];
  if (printed) return headline(set, printed);
  const { inter } = result.tests;
  if (request.protocol === "honest" && inter) return headline("inter", inter);
  if (result.mean) return headline("mean of inter and intra", result.mean);
  const [only] = Object.entries(result.tests);
  if (!only) throw new RangeError("a result without a test set has no headline");
  return headline(...only);
}

function headline(of: string, { scores, intervals }: Omit<Headline, "of">): Headline {
  return { of, scores, ...(intervals && { intervals }) };
}
