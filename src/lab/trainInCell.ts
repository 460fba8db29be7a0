import { executeRun } from "../suite/execute.js";
import { type PlanOptions, planRuns } from "../suite/plan.js";
import { findExperiment, findPaper } from "../suite/registry.js";
import type { RunRecord } from "../suite/runRecord.js";
import { UserError } from "../userError.js";
import { interruptSignal, progressBar } from "./progress.js";

/**
 * Carries out one run of an experiment in the cell, through the same code and into the same run folder and tracker as
 * `auscult run`, with a bar. Interrupting the kernel stops it after its last checkpoint; the cell run again goes on, and
 * a run that is done is read back.
 * @param options must leave exactly one run
 * Throws `UserError` for what the experiment does not have and `Interrupted` when stopped.
 */
export async function trainInCell(experiment: string, options: PlanOptions): Promise<RunRecord> {
  const entry = await findExperiment(experiment);
  const runs = planRuns(entry, await findPaper(entry.paper), options);
  if (runs.length !== 1)
    throw new UserError(
      `A cell trains one run; these options name ${runs.length}. Say rows, tasks and seeds with one each.`,
    );
  return executeRun(entry, runs[0]!, {
    signal: interruptSignal(),
    onProgress: progressBar(),
    warn: (message) => console.warn(message),
  });
}
