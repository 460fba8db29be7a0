/** The process in which a cell's runs are carried out: see `trainInCell.ts`. */
import { serveParent } from "../suite/childProcess.js";
import { type PlannedRun, type PlanOptions, planRuns } from "../suite/plan.js";
import { runName } from "../suite/recording/runDescription.js";
import { findExperiment, findPaper } from "../suite/registry.js";
import { askFor } from "../suite/running/askedFor.js";
import { isAlive, newestAttempt } from "../suite/running/attempt.js";
import { describeHolder } from "../suite/running/holder.js";
import { runSeries } from "../suite/runSeries.js";
import { Interrupted } from "../training/interrupted.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";

/** What the process is told. */
export interface TrainingTask {
  experiment: string;
  plan: PlanOptions;
  /** Whether there must be exactly one run. */
  single: boolean;
}

/** A run as it was planned. */
export interface NamedRun {
  name: string;
  runId: string;
  folder: string;
  madeUp: boolean;
  reduced?: string;
}

/** What the process tells; `run` is a place in the list that was planned. */
export type TrainingReport =
  | { planned: NamedRun[] }
  | { run: number; state: "training" | "done before" | "done" }
  | { run: number; failed: string }
  | { run: number; progress: ProgressReport }
  | { run: number; epoch: EpochRecord }
  | { warning: string };

/** A kernel that was killed leaves a process that still has to save: so long the next one waits for it. */
const PATIENCE_MS = 30_000;

serveParent<TrainingTask, TrainingReport>(async ({ experiment, plan, single }, { signal, tell }) => {
  const entry = await findExperiment(experiment);
  const runs = planRuns(entry, await findPaper(entry.paper), plan);
  if (single && runs.length !== 1)
    throw new UserError(
      `trainInCell trains one run; these options name ${runs.length}. Say rows, tasks, protocols and seeds with one each, or use trainAll.`,
    );
  tell({ planned: runs.map(named) });
  await runSeries(runs, {
    async carryOut(run, index) {
      tell({ run: index, state: "training" });
      const onProgress = (progress: ProgressReport) => tell({ run: index, progress });
      await whileAnotherStops(run, signal, onProgress);
      askFor(run);
      // The engine is loaded with the first run that needs it.
      const { executeRun } = await import("../suite/execute.js");
      return executeRun(entry, run, {
        signal,
        onProgress,
        onEpoch: (epoch) => tell({ run: index, epoch }),
        warn: (warning) => tell({ warning }),
      });
    },
    doneBefore: (_, __, index) => tell({ run: index, state: "done before" }),
    done: (_, __, index) => tell({ run: index, state: "done" }),
    failed: (_, error, index) => tell({ run: index, failed: error.message }),
  });
});

function named({ request, prepared, runId, folder }: PlannedRun): NamedRun {
  const { madeUp } = prepared.data;
  const { reduced } = prepared;
  return { name: runName(request, madeUp), runId, folder, madeUp, ...(reduced !== undefined && { reduced }) };
}

/** Waits while another process has the run, but not forever: it may be one that does not stop. */
async function whileAnotherStops(
  { folder }: PlannedRun,
  signal: AbortSignal,
  onProgress: (report: ProgressReport) => void,
): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    const attempt = newestAttempt(folder);
    if (!attempt || !isAlive(folder, attempt)) return;
    const detail = `${describeHolder(attempt.holder)} has this run; waiting for it to stop`;
    onProgress({ phase: "waiting", fraction: 0, detail });
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (signal.aborted) throw new Interrupted("stopped while another process had the run");
  }
}
