import path from "node:path";
import { projectRoot } from "../node/paths.js";
import type { RunRequest } from "../papers/paper.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { EndedEarly, inChild } from "./childProcess.js";
import type { PlannedRun } from "./plan.js";

/** What the child is told. */
export interface ChildTask {
  request: RunRequest;
  signature: string;
  threads: number;
}

/** What the child tells. */
export type ChildReport = { progress: ProgressReport } | { epoch: EpochRecord } | { warning: string };

/**
 * Carries out a run in a process of its own, whose engine has the run's number of threads. It stops when this process is told to, and,
 * after the step under way, when this process is gone. Throws what the run throws there.
 */
export async function executeInChild(
  run: PlannedRun,
  options: {
    signal: AbortSignal;
    onProgress(report: ProgressReport): void;
    onEpoch?(record: EpochRecord): void;
    warn(message: string): void;
  },
): Promise<void> {
  const { signal, onProgress, onEpoch, warn } = options;
  const { request, signature, threads, runId } = run;
  try {
    await inChild<ChildTask, ChildReport>({
      script: path.join(projectRoot(), "src", "suite", "childRun.ts"),
      task: { request, signature, threads },
      environment: { TF_NUM_INTRAOP_THREADS: String(threads) },
      signal,
      onReport(report) {
        if ("progress" in report) onProgress(report.progress);
        else if ("epoch" in report) onEpoch?.(report.epoch);
        else warn(report.warning);
      },
    });
  } catch (error) {
    if (error instanceof EndedEarly)
      throw new Error(`the process of ${runId} ended early (${error.message}); start again to go on`);
    throw error;
  }
}
