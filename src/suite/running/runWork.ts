import type { EpochRecord } from "../../training/trainingState.js";
import type { ProgressReport } from "../../training/workMeter.js";
import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { executeInChild, isReady, makeStageInChild, type ReadyChild, readyFor } from "../runInChild.js";
import { readPlan } from "../runPlan.js";
import { type Attempt, type AttemptProgress, isAlive, newestAttempt } from "./attempt.js";
import { isCancelled } from "./cancelRequest.js";
import { isDone } from "./doneMarker.js";
import { epochScore } from "./epochScore.js";
import { placeOfStage } from "./makeStages.js";
import type { Standing, StartOptions, Work } from "./schedule.js";

/** A run to be carried out in a process of its own. @param after its stages */
export function runWork(run: PlannedRun, after: readonly Work[], warn: (message: string) => void): Work {
  // Somebody else may have begun it since it was planned.
  const threadsNow = () => readPlan(run.folder)?.threads ?? run.threads;
  let ready: ReadyChild | undefined;
  return {
    after,
    look: lookAt(run.folder),
    start(options) {
      const threads = threadsNow();
      if (ready && !isReady(ready, threads)) this.release?.();
      const child = ready;
      ready = undefined;
      return executeInChild({ ...run, threads }, { ...toldBy(options), signal: options.signal, warn }, child);
    },
    prepare() {
      ready ??= readyFor(run, threadsNow());
    },
    release() {
      ready?.child.kill("SIGKILL");
      ready = undefined;
    },
  };
}

/** The stages that runs share, each once. */
export interface StageWorks {
  /** With their ids. */
  works: ReadonlyMap<Work, string>;
  of(run: PlannedRun): Work[];
}

export function stageWorks(runs: readonly PlannedRun[], warn: (id: string, message: string) => void): StageWorks {
  const byId = new Map<string, Work>();
  const byRun = new Map<PlannedRun, Work[]>();
  for (const run of runs) {
    const before: Work[] = [];
    for (const stage of run.prepared.stages ?? []) {
      const { id, folder } = placeOfStage(stage);
      if (!byId.has(id))
        byId.set(
          id,
          stageWork(run, { name: stage.name, folder }, [...before], (text) => warn(id, text)),
        );
      before.push(byId.get(id)!);
    }
    byRun.set(run, before);
  }
  return { works: new Map([...byId].map(([id, work]) => [work, id])), of: (run) => byRun.get(run)! };
}

/** @param run whose process makes it: any that needs it */
function stageWork(
  run: PlannedRun,
  stage: { name: string; folder: string },
  after: readonly Work[],
  warn: (message: string) => void,
): Work {
  return {
    after,
    look: lookAt(stage.folder),
    start: (options) => makeStageInChild(run, stage, { ...toldBy(options), signal: options.signal, warn }),
  };
}

function toldBy({ onProgress }: StartOptions) {
  let progress: AttemptProgress = { phase: "starting", fraction: 0, detail: "" };
  const tell = (change: Partial<AttemptProgress>) => {
    progress = { ...progress, ...change };
    onProgress(progress);
  };
  return {
    onProgress: (report: ProgressReport) => tell(report),
    onEpoch(record: EpochRecord) {
      const score = epochScore(record);
      tell({ epoch: record.epoch, ...(score !== undefined && { score }) });
    },
  };
}

/** How work stands in its folder; how attempts ended that were over before now is history. */
function lookAt(folder: string): () => Standing {
  let before: number | undefined;
  return () => {
    try {
      if (isDone(folder)) return { is: "done" };
      const attempt = newestAttempt(folder);
      const alive = attempt !== undefined && isAlive(folder, attempt);
      before ??= alive ? attempt.attempt - 1 : (attempt?.attempt ?? 0);
      if (alive) return { is: "elsewhere", attempt };
      if (attempt && attempt.attempt > before) {
        if (attempt.ended?.how === "failed") return { is: "failed", error: failureOf(folder, attempt) };
        if (attempt.ended?.how === "cancelled") return { is: "cancelled" };
      }
      return isCancelled(folder, (attempt?.attempt ?? 0) + 1) ? { is: "cancelled" } : { is: "free" };
    } catch (error) {
      return { is: "failed", error: error as Error };
    }
  };
}

function failureOf(folder: string, { attempt, holder, ended }: Attempt): Error {
  return new UserError(
    `${ended?.message ?? "no reason given"} (attempt ${attempt} in ${folder}, on ${holder.host})`,
    1,
  );
}
