/** The process of a run that needs another number of threads than its parent's engine has: see `runInChild.ts`. */
import { Interrupted } from "../training/interrupted.js";
import { UserError } from "../userError.js";
import { executeRun } from "./execute.js";
import { planRun } from "./plan.js";
import { findExperiment, findPaper } from "./registry.js";
import type { ChildReport, ChildTask } from "./runInChild.js";

const controller = new AbortController();
const stop = () => controller.abort();
// The parent says so, is gone, or somebody ends all processes at once.
process.on("message", (message) => {
  if (message === "stop") stop();
  else void work(message as ChildTask);
});
process.on("disconnect", stop);
process.on("SIGTERM", stop);

async function work({ request, signature, threads }: ChildTask): Promise<void> {
  try {
    const entry = await findExperiment(request.experiment);
    const run = planRun(await findPaper(entry.paper), request, threads);
    if (run.signature !== signature)
      throw new Error(`${run.runId}: the data or the code changed a moment ago; start again`);
    await executeRun(entry, run, {
      signal: controller.signal,
      onProgress: (progress) => void tell({ progress }),
      warn: (warning) => void tell({ warning }),
    });
  } catch (error) {
    const { message, stack } = error as Error;
    if (error instanceof Interrupted) await tell({ failure: { kind: "interrupted", message, exitCode: 130 } });
    else if (error instanceof UserError) await tell({ failure: { kind: "user", message, exitCode: error.exitCode } });
    else await tell({ failure: { kind: "other", message: stack ?? message, exitCode: 1 } });
  }
  process.off("disconnect", stop);
  if (process.connected) process.disconnect();
}

/** Settled when it is on its way; a parent that is gone is told nothing. */
function tell(report: ChildReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send!(report, () => resolve());
    else resolve();
  });
}
