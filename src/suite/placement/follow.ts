import path from "node:path";
import { Interrupted } from "../../training/interrupted.js";
import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { type Placed, readAskedFor } from "../running/askedFor.js";
import type { RunEnd } from "../running/carryOut.js";
import { folderStatus } from "../running/folderState.js";
import { pause } from "../running/pause.js";
import type { WorkState } from "../running/schedule.js";
import { finishedRecord } from "../runRecord.js";
import { keyOf } from "./clusters.js";
import { type ClusterEngine, type PlacedTask, Unreachable } from "./engine.js";
import { clockWarnings } from "./nodeCheck.js";
import { NOT_SHARED } from "./slurmScript.js";
import { exitOf, readSubmission, type Submission } from "./submission.js";

export interface FollowOptions {
  engine: ClusterEngine;
  signal: AbortSignal;
  onState?(run: PlannedRun, state: WorkState): void;
  onEnd?(run: PlannedRun, end: RunEnd): void;
  say(message: string): void;
  /** Milliseconds between looks. */
  everyMs?: number;
  /** For how long a run is looked for that the engine does not know any longer and that left no word. */
  doubtMs?: number;
}

/** How often folders and the engine are looked at. */
const LOOK_MS = 2000;
/** Of a run that waits as before, only every so many. */
const RARE_LOOKS = 15;
/** A task may have ended a moment before its last word reaches the shared folder, and be known to the engine a moment after. */
const DOUBT_MS = 20_000;

/**
 * Watches runs that a cluster has until each is done, failed, cancelled or given up by it. Nothing depends on this: what runs goes on
 * without. An engine that does not answer for a while is asked again. Throws Interrupted when stopped.
 */
export async function follow(
  runs: readonly PlannedRun[],
  { engine, signal, onState, onEnd, say, everyMs = LOOK_MS, doubtMs = DOUBT_MS }: FollowOptions,
): Promise<void> {
  const open = new Set(runs);
  const doubtful = new Map<PlannedRun, number>();
  const warned = new Set<string>();
  const warn = (text: string) => {
    if (!warned.has(text)) say(text);
    warned.add(text);
  };
  const end = (run: PlannedRun, state: WorkState, how: RunEnd) => {
    open.delete(run);
    onState?.(run, state);
    onEnd?.(run, how);
  };
  const fail = (run: PlannedRun, error: Error) => end(run, { is: "failed", error }, { state: "failed", error });

  const places = new Map<PlannedRun, Placed | undefined>(runs.map((run) => [run, placeOf(run)]));
  const waiting = new Map<PlannedRun, { says: string; looks: number }>();
  /** Of thousands that wait, few change: a shared folder is spared most looks. */
  const isAsBefore = (run: PlannedRun, task: PlacedTask | undefined): boolean => {
    if (task?.state !== "pending") {
      waiting.delete(run);
      return false;
    }
    const before = waiting.get(run);
    const isSame = before?.says === task.says && before.looks < RARE_LOOKS;
    waiting.set(run, { says: task.says, looks: isSame ? before.looks + 1 : 0 });
    return isSame;
  };

  while (open.size > 0) {
    if (signal.aborted) throw new Interrupted(DETACHED);
    const submissions = new Set([...open].flatMap((run) => places.get(run)?.submission ?? []));
    // Asked before folders are looked at: what ended by then has left its word.
    const tasks = await ask(engine, [...submissions], say, warned);
    for (const run of open) {
      const known = places.get(run);
      if (isAsBefore(run, known && tasks?.get(keyOf(known)))) continue;
      const { state, attempt, asked, message } = folderStatus(run.folder);
      places.set(run, asked?.placed ?? known);
      const task = asked?.placed && tasks?.get(keyOf(asked.placed));
      const isWithEngine = task !== undefined && task.state !== "ended";
      if (isWithEngine || tasks === undefined || state === "running") doubtful.delete(run);
      if (state === "done") {
        try {
          const record = finishedRecord(run.folder)!;
          end(run, { is: "done", here: false }, { state: "done", record });
        } catch (error) {
          fail(run, error as Error);
        }
      } else if (state === "running") onState?.(run, { is: "elsewhere", attempt: attempt! });
      else if (state === "damaged") fail(run, new UserError(message!, 1));
      else if (state === "cancelled" && task?.state !== "running")
        end(run, { is: "cancelled" }, { state: "cancelled" });
      else if (tasks === undefined) continue;
      else if (isWithEngine) onState?.(run, { is: "queued", says: task.says });
      else if (state === "failed") fail(run, new UserError(`${message ?? "no reason given"}`, 1));
      else {
        // It is no longer the engine's, and left no result.
        const since = doubtful.get(run) ?? performance.now();
        doubtful.set(run, since);
        const exit = asked?.placed && exitWord(asked.placed);
        if (exit || performance.now() - since > doubtMs)
          fail(run, new UserError(givenUp(engine, task, exit, asked?.placed), 1));
      }
    }
    for (const id of submissions) for (const text of clockWarnings(submissionOr(id))) warn(text);
    if (open.size > 0) await pause(everyMs, signal);
  }
}

/** Undefined where no cluster has it, or its folder cannot be read, which is told when it is looked at. */
function placeOf({ folder }: PlannedRun): Placed | undefined {
  try {
    return readAskedFor(folder)?.placed;
  } catch {
    return undefined;
  }
}

/** Ctrl-C while following. */
export const DETACHED =
  "no longer watching; the runs go on where they are (`npx auscult status` shows them, `npx auscult cancel` stops them)";

/** Undefined where the engine does not answer. */
async function ask(
  engine: ClusterEngine,
  submissions: readonly string[],
  say: (message: string) => void,
  warned: Set<string>,
): Promise<Map<string, PlacedTask> | undefined> {
  try {
    const tasks = await engine.tasks(submissions);
    if (warned.delete(SILENT)) say(`${engine.name} answers again`);
    return new Map(tasks.map((task) => [keyOf(task), task]));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (!warned.has(SILENT)) say(`${engine.name} does not answer (${error.message}); asking again, the runs go on`);
    warned.add(SILENT);
    return undefined;
  }
}

const SILENT = "silent";

function exitWord({ submission, index }: { submission: string; index: number }) {
  return exitOf(submissionOr(submission), index);
}

function submissionOr(id: string): Submission {
  return readSubmission(id);
}

function givenUp(
  { name }: ClusterEngine,
  task: PlacedTask | undefined,
  exit: { code: number; node: string } | undefined,
  placed: Placed | undefined,
): string {
  if (exit?.code === NOT_SHARED) return `${exit.node} does not see the shared folder as it is seen here`;
  const logs =
    placed &&
    `; what its node said is in ${path.join(submissionOr(placed.submission).folder, "logs")}, where that node shares this folder`;
  const how = exit ? `its process ended with ${exit.code} on ${exit.node}` : "it left no word";
  return `${task?.says ?? `${name} does not know it any longer`}; ${how}${logs ?? ""}; the same command, or \`npx auscult resume\`, goes on with it`;
}
