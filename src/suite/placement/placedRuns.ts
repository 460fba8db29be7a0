import { UserError } from "../../userError.js";
import type { KnownRun } from "../running/knownRuns.js";
import { clusterEngine, keyOf, tasksOfSubmissions } from "./clusters.js";
import { Unreachable } from "./engine.js";
import { exitOf, readSubmission, type Submission } from "./submission.js";

/**
 * Runs as their clusters see them: one that a cluster will begin, or begin again, waits; one that it gave up before it could begin is
 * missing, with the reason. Runs that no cluster was asked for stay as they are.
 */
export async function asClustersSee(runs: readonly KnownRun[]): Promise<KnownRun[]> {
  const submissions = submissionsOf(runs.filter(isOpen));
  if (submissions.size === 0) return [...runs];
  const { tasks, unreachable } = await tasksOfSubmissions([...submissions.values()]);
  return runs.map((run): KnownRun => {
    const placed = run.asked?.placed;
    const submission = placed && submissions.get(placed.submission);
    if (!placed || !submission || !isOpen(run)) return run;
    const task = tasks.get(keyOf(placed));
    if (task && task.state !== "ended" && run.state !== "cancelled")
      return { ...run, state: "waiting", message: task.says };
    if (run.state !== "waiting") return run;
    const silent = unreachable.get(placed.on);
    if (silent !== undefined) return { ...run, message: `${placed.on} cannot be asked: ${silent}` };
    const exit = exitOf(submission, placed.index);
    const says = task?.says ?? `${placed.on} does not know it any longer`;
    const state = run.attempt ? "begun" : "missing";
    return { ...run, state, message: exit ? `${says}; its process ended with ${exit.code} on ${exit.node}` : says };
  });
}

/** Takes back from their clusters what waits there. @returns what could not be told, in words */
export async function cancelPlaced(runs: readonly KnownRun[]): Promise<string[]> {
  const waiting = runs.filter(({ state }) => state === "waiting");
  const problems: string[] = [];
  for (const [id, submission] of submissionsOf(waiting)) {
    const indices = waiting.flatMap(({ asked }) => (asked?.placed?.submission === id ? [asked.placed.index] : []));
    try {
      await clusterEngine(submission.on, submission.resources).cancel(submission, indices);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof UserError)) throw error;
      problems.push(
        `${submission.on} cannot be told (${error.message}); what it begins of these runs ends at once, as their folders say`,
      );
    }
  }
  return problems;
}

const isOpen = ({ state, asked }: KnownRun) =>
  asked?.placed !== undefined && !asked.givenUp && !["done", "running", "damaged"].includes(state);

/** Those that can be read; a run whose submission cannot stays as its folder says. */
function submissionsOf(runs: readonly KnownRun[]): Map<string, Submission> {
  const found = new Map<string, Submission>();
  for (const id of new Set(runs.flatMap(({ asked }) => asked?.placed?.submission ?? []))) {
    try {
      found.set(id, readSubmission(id));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return found;
}
