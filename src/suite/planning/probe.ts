import path from "node:path";
import { projectRoot } from "../../node/paths.js";
import type { TrainingWork, UnitSeconds } from "../../papers/trainingWork.js";
import { inChild } from "../childProcess.js";
import type { PlannedRun } from "../plan.js";
import type { ChildTask } from "../runInChild.js";
import { keepCost } from "./costStore.js";

/**
 * Takes a few steps of a run, or of a stage of it, on made-up batches, in a process with the run's threads, and keeps what they took.
 * Throws Interrupted when stopped.
 */
export async function probe(run: PlannedRun, work: TrainingWork, signal: AbortSignal, stage?: string): Promise<void> {
  const { request, signature, threads } = run;
  await inChild<ChildTask, UnitSeconds>({
    script: path.join(projectRoot(), "src", "suite", "planning", "probeChild.ts"),
    task: { request, signature, threads, ...(stage !== undefined && { stage }) },
    environment: { TF_NUM_INTRAOP_THREADS: String(threads) },
    signal,
    onReport: (cost) => keepCost(run, work, cost),
  });
}
