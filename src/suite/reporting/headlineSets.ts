import type { RunSummary } from "./summaryLine.js";

/**
 * The names of the test sets whose mean stands beside the printed number: the set of the printed numbers where the run has it; else
 * under `honest` the unseen patients (inter) alone; else all.
 */
export function headlineSets({ data, request, result }: Pick<RunSummary, "data" | "request" | "result">): string[] {
  const { tests } = result;
  if (data.printedTestSet !== undefined && tests[data.printedTestSet]) return [data.printedTestSet];
  if (request.protocol === "honest" && tests.inter) return ["inter"];
  const all = Object.keys(tests);
  const mean = all.filter((name) => name === "inter" || name === "intra");
  return mean.length > 0 ? mean : all;
}
