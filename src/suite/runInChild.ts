import type { ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../node/paths.js";
import type { RunRequest } from "../papers/paper.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import { announce, EndedEarly, inChild, startChild } from "./childProcess.js";
import type { PlannedRun } from "./plan.js";
import { openLog } from "./running/runLog.js";
import { Died } from "./running/schedule.js";

/** What the child is told. */
export interface ChildTask {
  request: RunRequest;
  signature: string;
  threads: number;
  /** Of its stages, the one to make; undefined: the run itself. */
  stage?: string;
}

/** What the child tells. */
export type ChildReport = { progress: ProgressReport } | { epoch: EpochRecord } | { warning: string };

/** What is done with what a child tells. */
export interface ChildRunOptions {
  signal: AbortSignal;
  onProgress(report: ProgressReport): void;
  onEpoch?(record: EpochRecord): void;
  warn(message: string): void;
}

/**
 * Carries out a run in a process of its own, whose engine has the run's number of threads; what else it says goes to the run's log. It
 * stops when this process is told to, and, after the step under way, when this process is gone. Throws what the run throws there, and
 * Died.
 */
export async function executeInChild(
  { request, signature, threads, runId, folder }: PlannedRun,
  options: ChildRunOptions,
  ready?: ReadyChild,
): Promise<void> {
  await childWith({ request, signature, threads }, { name: runId, folder }, options, ready);
}

/** A process that has the engine loaded, and waits for its run. */
export interface ReadyChild {
  threads: number;
  child: ChildProcess;
}

/** Starts the process of a run that will come soon: it loads the engine and reads the data while others work. */
export function readyFor({ request, signature, folder }: PlannedRun, threads: number): ReadyChild {
  const output = openLog(folder);
  try {
    const child = startChild({ ...howToStart(threads), output });
    // It may be killed before it is needed; another is started then.
    child.on("error", () => {});
    announce(child, { request, signature, threads } satisfies ChildTask);
    return { threads, child };
  } finally {
    closeSync(output);
  }
}

/** Whether it can still be given a run with that number of threads. */
export function isReady(ready: ReadyChild, threads: number): boolean {
  const { connected, exitCode, signalCode } = ready.child;
  return ready.threads === threads && connected && exitCode === null && signalCode === null;
}

function howToStart(threads: number) {
  return {
    script: path.join(projectRoot(), "src", "suite", "childRun.ts"),
    environment: { TF_NUM_INTRAOP_THREADS: String(threads) },
  };
}

/** Makes one of a run's stages as `executeInChild` carries out a run. */
export async function makeStageInChild(
  { request, signature, threads }: PlannedRun,
  stage: { name: string; folder: string },
  options: ChildRunOptions,
): Promise<void> {
  await childWith({ request, signature, threads, stage: stage.name }, stage, options);
}

async function childWith(
  task: ChildTask,
  { name, folder }: { name: string; folder: string },
  { signal, onProgress, onEpoch, warn }: ChildRunOptions,
  ready?: ReadyChild,
): Promise<void> {
  const output = openLog(folder);
  try {
    await inChild<ChildTask, ChildReport>({
      ...howToStart(task.threads),
      ...(ready && { started: ready.child }),
      task,
      signal,
      output,
      onReport(report) {
        if ("progress" in report) onProgress(report.progress);
        else if ("epoch" in report) onEpoch?.(report.epoch);
        else warn(report.warning);
      },
    });
  } catch (error) {
    if (error instanceof EndedEarly)
      throw new Died(`the process of ${name} ended early (${error.message}); the same command goes on with it`);
    throw error;
  } finally {
    closeSync(output);
  }
}
