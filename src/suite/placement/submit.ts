import { rmSync } from "node:fs";
import path from "node:path";
import { waitForLock } from "mlflow-js-client";
import { mlrunsFolder } from "../../node/paths.js";
import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { askFor } from "../running/askedFor.js";
import { isDone } from "../running/doneMarker.js";
import { folderStatus } from "../running/folderState.js";
import { placeOfStage } from "../running/makeStages.js";
import type { ClusterEngine, PlacedTask } from "./engine.js";
import { keepSubmission, newSubmission, type Resources, type Submission, type SubmittedTask } from "./submission.js";

/**
 * Hands runs to a cluster that are neither done nor in anybody's hands: asked twice, or by two at once, each is handed over once. Throws
 * UserError where the engine refuses them.
 *
 * @returns what was handed over; undefined where nothing was left to
 */
export async function submit(
  runs: readonly PlannedRun[],
  engine: ClusterEngine,
  resources: Resources,
): Promise<Submission | undefined> {
  const lock = path.join(mlrunsFolder(), "submissions.lock");
  const release = await waitForLock(lock, LOCK_MS, async () => false);
  if (!release) throw new UserError("another command has been handing runs to a cluster for two minutes; try again", 1);
  try {
    const open = await unplaced(runs, engine);
    if (open.length === 0) return undefined;
    const submission = newSubmission(engine.name, tasksFor(open), resources);
    keepSubmission(submission);
    const ofRun = new Map(submission.tasks.flatMap(({ index, runId, stage }) => (stage ? [] : [[runId, index]])));
    // Before they are handed over: a task may begin at once.
    const takeBack = open.map((run) => {
      return askFor(run, { on: engine.name, submission: submission.id, index: ofRun.get(run.runId)! });
    });
    try {
      await engine.submit(submission);
    } catch (error) {
      for (const one of takeBack) one();
      rmSync(submission.folder, { recursive: true, force: true });
      throw error;
    }
    return submission;
  } finally {
    release();
  }
}

/** What would be handed over, as `--dry-run` shows it; nothing is written. */
export function submissionOf(runs: readonly PlannedRun[], on: ClusterEngine["name"], resources: Resources): Submission {
  return newSubmission(on, tasksFor(runs.filter(({ folder }) => !isDone(folder))), resources);
}

const LOCK_MS = 120_000;

/** Those that no process has, and no cluster will begin. */
async function unplaced(runs: readonly PlannedRun[], engine: ClusterEngine): Promise<PlannedRun[]> {
  const placed = runs.flatMap((run) => {
    const { state, asked } = folderStatus(run.folder);
    if (state === "done" || state === "running") return [];
    if (state === "waiting" && !asked?.placed) return [];
    const { on, submission, index } = asked?.placed ?? {};
    return [{ run, key: on === engine.name ? `${submission}/${index}` : undefined, submission, state }];
  });
  const ids = [...new Set(placed.flatMap(({ key, submission }) => (key && submission ? [submission] : [])))];
  const alive = new Set((await engine.tasks(ids)).filter(isAlive).map((task) => `${task.submission}/${task.index}`));
  return placed
    .filter(({ key, state }) => state === "cancelled" || key === undefined || !alive.has(key))
    .map(({ run }) => run);
}

const isAlive = ({ state }: PlacedTask) => state !== "ended";

/** Stages that several runs need, and then the runs. */
function tasksFor(runs: readonly PlannedRun[]): SubmittedTask[] {
  const tasks: SubmittedTask[] = [];
  const stages = new Map<string, number>();
  const before = new Map<PlannedRun, number[]>();
  for (const run of runs) {
    const after: number[] = [];
    for (const stage of run.prepared.stages ?? []) {
      const { id, folder } = placeOfStage(stage);
      if (isDone(folder)) continue;
      if (!stages.has(id)) {
        stages.set(id, tasks.length);
        tasks.push({ index: tasks.length, runId: run.runId, stage: stage.name, after: [...after] });
      }
      after.push(stages.get(id)!);
    }
    before.set(run, after);
  }
  for (const run of runs) tasks.push({ index: tasks.length, runId: run.runId, after: before.get(run)! });
  return tasks;
}
