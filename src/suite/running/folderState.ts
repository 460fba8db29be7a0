import { existsSync } from "node:fs";
import path from "node:path";
import { type AskedFor, readAskedFor } from "./askedFor.js";
import { type Attempt, isAlive, newestAttempt } from "./attempt.js";
import { isCancelled } from "./cancelRequest.js";
import { isDone } from "./doneMarker.js";
import { fateOf } from "./holder.js";

/**
 * How the work of a folder stands. "waiting": a process that runs, or a cluster, will come to it; "missing": asked for, never begun; "begun": what was
 * done so far is kept, nobody is at it; "damaged": its files cannot be read.
 */
export type FolderState = "done" | "running" | "waiting" | "failed" | "cancelled" | "begun" | "missing" | "damaged";

export interface FolderStatus {
  state: FolderState;
  attempt?: Attempt;
  asked?: AskedFor;
  /** What is wrong, in words. */
  message?: string;
}

/** Looks at a run folder; a damaged one is told, not thrown. */
export function folderStatus(folder: string): FolderStatus {
  if (isDone(folder)) return { state: "done" };
  try {
    const attempt = newestAttempt(folder);
    const asked = readAskedFor(folder);
    const common = { ...(attempt && { attempt }), ...(asked && { asked }) };
    if (attempt && isAlive(folder, attempt)) return { state: "running", ...common };
    // Before it could begin again.
    if (isCancelled(folder, (attempt?.attempt ?? 0) + 1)) return { state: "cancelled", ...common };
    if (asked && isAwaited(asked, attempt)) return { state: "waiting", ...common };
    const { how, message } = attempt?.ended ?? {};
    const words = message === undefined ? {} : { message };
    if (how === "failed" || how === "cancelled") return { state: how, ...common, ...words };
    const begun = attempt !== undefined || existsSync(path.join(folder, "plan.json"));
    return { state: begun ? "begun" : "missing", ...common };
  } catch (error) {
    return { state: "damaged", message: (error as Error).message };
  }
}

/** Whether who asked for it has not come to it yet, and may; what a cluster was asked for, it may come to until it says otherwise. */
function isAwaited({ givenUp, by, at, attemptsBefore, placed }: AskedFor, attempt: Attempt | undefined): boolean {
  if (givenUp || (!placed && fateOf(by) !== "runs")) return false;
  if (!attempt) return true;
  return attemptsBefore === undefined ? attempt.since < at : attempt.attempt <= attemptsBefore;
}
