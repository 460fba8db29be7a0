import { UserError } from "../../userError.js";
import type { ExperimentEntry } from "../entry.js";
import { type PlannedRun, planRun } from "../plan.js";
import { findExperiment, findPaper } from "../registry.js";
import {
  carryOutPlanned,
  type ExperimentRuns,
  type ExperimentsOutcome,
  type RunExperimentsOptions,
} from "../runExperiments.js";
import type { FolderState } from "./folderState.js";
import type { KnownRun } from "./knownRuns.js";

const RESUMABLE: readonly FolderState[] = ["begun", "failed", "cancelled", "missing"];

/** Whether a run was begun, or asked for, and is neither done nor in anybody's hands. */
export function isResumable({ state }: KnownRun): boolean {
  return RESUMABLE.includes(state);
}

/**
 * Goes on with runs from what their folders hold of the request. One that cannot be planned any more is told, and does not stop the
 * others. Throws Interrupted when stopped.
 */
export async function resumeRuns(
  runs: readonly KnownRun[],
  options: Pick<RunExperimentsOptions, "signal" | "onProgress" | "onState" | "say" | "jobs" | "placement">,
): Promise<ExperimentsOutcome> {
  const planned = new Map<string, ExperimentRuns & { runs: ReturnType<typeof planRun>[] }>();
  const failures: UserError[] = [];
  for (const run of runs) {
    try {
      const { entry, plan } = await plannedAgain(run);
      const group = planned.get(entry.id) ?? { entry, runs: [] };
      group.runs.push(plan);
      planned.set(entry.id, group);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failures.push(error);
      options.say(`cannot be resumed: ${run.name}: ${error.message}`);
    }
  }
  const outcome = await carryOutPlanned([...planned.values()], options);
  if (failures.length === 0) return outcome;
  return { ...outcome, failed: outcome.failed + failures.length, exitCode: outcome.exitCode || failures[0]!.exitCode };
}

/** A run as it was asked for. Throws UserError where that would be another run now. */
export async function plannedAgain({
  runId,
  asked,
}: Pick<KnownRun, "runId" | "asked">): Promise<{ entry: ExperimentEntry; plan: PlannedRun }> {
  if (!asked) throw new UserError(`its folder does not say what was asked for; ask for it again with \`run\``);
  const entry = await findExperiment(asked.request.experiment);
  const plan = planRun(await findPaper(entry.paper), asked.request, asked.threads);
  if (plan.runId !== runId)
    throw new UserError(
      `the data or the code has changed since; as it is now it would be another run, ${plan.runId}: ask for that with \`run\``,
    );
  return { entry, plan };
}
