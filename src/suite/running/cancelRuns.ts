import { requestCancel } from "./cancelRequest.js";
import { folderStatus } from "./folderState.js";
import type { KnownRun } from "./knownRuns.js";

/** What became of a request to stop a run. */
export interface Cancelled {
  runId: string;
  name: string;
  /** "stopping": it was asked, and has not stopped yet; "not running": there was nothing to stop. */
  outcome: "stopped" | "stopping" | "not running";
}

/**
 * Asks runs that a process has, or will come to, to stop in order, wherever it runs, and waits for them for a while.
 * @param patienceMs how long
 */
export async function cancelRuns(
  runs: readonly KnownRun[],
  { patienceMs, signal }: { patienceMs: number; signal: AbortSignal },
): Promise<Cancelled[]> {
  const asked = runs.filter(({ state }) => state === "running" || state === "waiting");
  for (const { folder, state, attempt } of asked) {
    const newest = attempt?.attempt ?? 0;
    requestCancel(folder, state === "running" ? newest : newest + 1);
  }
  // One that waits stops before it begins: there is nothing to wait for.
  const stopping = new Set(asked.filter(({ state }) => state === "running"));
  for (const until = performance.now() + patienceMs; stopping.size > 0; ) {
    for (const run of stopping) if (folderStatus(run.folder).state !== "running") stopping.delete(run);
    if (stopping.size === 0 || performance.now() >= until || signal.aborted) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return runs.map((run) => {
    const { runId, name } = run;
    const outcome = !asked.includes(run) ? "not running" : stopping.has(run) ? "stopping" : "stopped";
    return { runId, name, outcome };
  });
}
