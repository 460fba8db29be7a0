/** The process of a run, or of a stage: see `runInChild.ts`. */

import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { serveParent } from "./childProcess.js";
import { circumstancesHere, executeRun } from "./execute.js";
import { planRun } from "./plan.js";
import { findExperiment, findPaper } from "./registry.js";
import type { ChildReport, ChildTask } from "./runInChild.js";
import { makeStage } from "./running/makeStages.js";

serveParent<ChildTask, ChildReport>(async ({ request, signature, threads, stage }, { signal, tell }) => {
  const entry = await findExperiment(request.experiment);
  const run = planRun(await findPaper(entry.paper), request, threads);
  if (run.signature !== signature)
    throw new Error(`${run.runId}: the data or the code changed a moment ago; start again`);
  const told = {
    signal,
    onProgress: (progress: ProgressReport) => tell({ progress }),
    onEpoch: (epoch: EpochRecord) => tell({ epoch }),
    warn: (warning: string) => tell({ warning }),
  };
  if (stage === undefined) await executeRun(entry, run, told);
  else await makeStage(run.prepared.stages!.find(({ name }) => name === stage)!, circumstancesHere(), told);
});
