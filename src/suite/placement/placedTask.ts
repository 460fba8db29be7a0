import { existsSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../../node/paths.js";
import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { carryOut, carryOutStages, type RunEnd } from "../running/carryOut.js";
import { folderStatus } from "../running/folderState.js";
import { plannedAgain } from "../running/resumeRuns.js";
import { reportNode } from "./nodeCheck.js";
import { readSubmission } from "./submission.js";

/**
 * A task of a submission, on the node that a cluster has chosen for it: the same process, signature, folder and tracking as if the run had
 * been asked for there. One that is done is done at once; one that another node has is waited for. Throws Interrupted when stopped, and
 * what the run throws.
 */
export async function carryOutTask(
  folder: string,
  index: number,
  { signal, say }: { signal: AbortSignal; say(message: string): void },
): Promise<"done" | "cancelled"> {
  const submission = readSubmission("", folder);
  reportNode(submission);
  const task = submission.tasks.find((one) => one.index === index);
  if (!task) throw new UserError(`${folder} has no task ${index}`);
  const { runId } = task;
  const runFolder = path.join(mlrunsFolder(), "runs", runId);
  if (!existsSync(runFolder))
    throw new UserError(`${runId}: its folder is gone; ask for the run again with \`run\``, 1);
  const { state, asked } = folderStatus(runFolder);
  // A cluster may begin a task again that has ended.
  if (state === "done") return "done";
  const { plan: run } = await plannedAgain({ runId, ...(asked && { asked }) });
  const told = { jobs: 1, signal, warn: say };
  if (task.stage !== undefined) {
    await carryOutStages(run, task.stage, told);
    return "done";
  }
  const end = await endOf(run, told);
  if (end.state === "failed") throw end.error;
  return end.state === "cancelled" ? "cancelled" : "done";
}

async function endOf(
  run: PlannedRun,
  options: { jobs: number; signal: AbortSignal; warn(message: string): void },
): Promise<RunEnd> {
  let end: RunEnd | undefined;
  // It was asked for when it was submitted, and may have been cancelled since.
  await carryOut([run], { ...options, isAskedFor: true, onEnd: (_, how) => (end = how) });
  return end!;
}
