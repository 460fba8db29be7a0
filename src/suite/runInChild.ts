import { fork } from "node:child_process";
import path from "node:path";
import { cacheFolder, mlrunsFolder, projectRoot } from "../node/paths.js";
import type { RunRequest } from "../papers/paper.js";
import { Interrupted } from "../training/interrupted.js";
import type { ProgressReport } from "../training/workMeter.js";
import { UserError } from "../userError.js";
import type { PlannedRun } from "./plan.js";

/** What the child is told first; a second message, "stop", asks it to stop. */
export interface ChildTask {
  request: RunRequest;
  signature: string;
  threads: number;
}

/** What the child tells. */
export type ChildReport =
  | { progress: ProgressReport }
  | { warning: string }
  | { failure: { kind: "interrupted" | "user" | "other"; message: string; exitCode: number } };

/**
 * Carries out a run in a process of its own, whose engine has the run's number of threads. It stops when this process is told to, and,
 * after the step under way, when this process is gone. Throws what the run throws there.
 */
export async function executeInChild(
  run: PlannedRun,
  options: { signal: AbortSignal; onProgress(report: ProgressReport): void; warn(message: string): void },
): Promise<void> {
  const { signal, onProgress, warn } = options;
  const { request, signature, threads, runId } = run;
  const child = fork(path.join(projectRoot(), "src", "suite", "childRun.ts"), {
    cwd: projectRoot(),
    execArgv: ["--import", "tsx"],
    // Its own group: Ctrl-C is for this process, which then stops the child.
    detached: true,
    env: {
      ...process.env,
      AUSCULT_ROOT: projectRoot(),
      AUSCULT_CACHE: cacheFolder(),
      AUSCULT_MLRUNS: mlrunsFolder(),
      TF_NUM_INTRAOP_THREADS: String(threads),
    },
  });
  let failure: Extract<ChildReport, { failure: unknown }>["failure"] | undefined;
  child.on("message", (report: ChildReport) => {
    if ("progress" in report) onProgress(report.progress);
    else if ("warning" in report) warn(report.warning);
    else failure = report.failure;
  });
  const stop = () => child.connected && child.send("stop");
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, by) => resolve(by ?? `exit code ${code}`));
  });
  // Comes after its last message.
  const silent = new Promise<void>((resolve) => child.once("disconnect", () => resolve()));
  child.send({ request, signature, threads } satisfies ChildTask);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const [how] = await Promise.all([ended, silent]).finally(() => signal.removeEventListener("abort", stop));
  if (failure?.kind === "interrupted") throw new Interrupted(failure.message);
  if (failure?.kind === "user") throw new UserError(failure.message, failure.exitCode);
  if (failure) throw new Error(failure.message);
  if (how !== "exit code 0") throw new Error(`the process of ${runId} ended early (${how}); start again to go on`);
}
