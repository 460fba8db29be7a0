/** The process of a run, or of a stage: see `runInChild.ts`. */

import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { type ChildContext, serveParent } from "./childProcess.js";
import type { ExperimentEntry } from "./entry.js";
import { circumstancesHere, executeRun } from "./execute.js";
import { type PlannedRun, planRun } from "./plan.js";
import { CostWatch } from "./planning/costWatch.js";
import { findExperiment, findPaper } from "./registry.js";
import type { ChildReport, ChildTask } from "./runInChild.js";
import { makeStage } from "./running/makeStages.js";

interface Planned {
  entry: ExperimentEntry;
  run: PlannedRun;
}

/** What was planned of a task that was announced. */
let ahead: { task: ChildTask; planned: Promise<Planned | undefined> } | undefined;

async function planned({ request, signature, threads }: ChildTask): Promise<Planned> {
  const entry = await findExperiment(request.experiment);
  const run = planRun(await findPaper(entry.paper), request, threads);
  if (run.signature !== signature)
    throw new Error(`${run.runId}: the data or the code changed a moment ago; start again`);
  return { entry, run };
}

async function work(task: ChildTask, { signal, tell }: ChildContext<ChildReport>): Promise<void> {
  const isAhead = ahead?.task.signature === task.signature && ahead.task.threads === task.threads;
  const { entry, run } = (isAhead ? await ahead!.planned : undefined) ?? (await planned(task));
  const told = {
    signal,
    onProgress: (progress: ProgressReport) => tell({ progress }),
    onEpoch: (epoch: EpochRecord) => tell({ epoch }),
    warn: (warning: string) => tell({ warning }),
  };
  if (task.stage === undefined) {
    await executeRun(entry, run, told);
    return;
  }
  const stage = run.prepared.stages!.find(({ name }) => name === task.stage)!;
  const costs = new CostWatch(run, stage.work);
  const onProgress = (report: ProgressReport) => told.onProgress(costs.see(report));
  try {
    await makeStage(stage, circumstancesHere(), { ...told, onProgress });
  } finally {
    costs.keep();
  }
}

serveParent<ChildTask, ChildReport>(work, (task) => {
  // What goes wrong ahead goes wrong again when it is its time.
  ahead = { task, planned: planned(task).catch(() => undefined) };
});
