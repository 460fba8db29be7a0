import type { PlannedRun } from "../plan.js";
import { finishedRecord, type RunRecord } from "../runRecord.js";
import { askFor, giveUp } from "./askedFor.js";
import { runWork, stageWorks } from "./runWork.js";
import { schedule, type Work, type WorkState } from "./schedule.js";

export interface CarryOutOptions {
  /** Processes at once. */
  jobs: number;
  /** Asks all to stop in order. */
  signal: AbortSignal;
  /** Whether the runs were asked for before, by whoever placed them here. */
  isAskedFor?: boolean;
  /** Told of each run that comes to begin here, before it does. */
  onBegin?(run: PlannedRun): void;
  /** Told of each run, and of each stage that runs share, when it stands otherwise. */
  onState?(what: PlannedRun | { stage: string }, state: WorkState): void;
  /** Told of each run that has come to its end here or elsewhere, in that order. */
  onEnd?(run: PlannedRun, end: RunEnd): void;
  warn(message: string, run: PlannedRun | { stage: string }): void;
}

/** How a run ended for those who asked for it. */
export type RunEnd =
  | { state: "done before" | "done"; record: RunRecord }
  | { state: "failed"; error: Error }
  | { state: "cancelled" }
  /** A cluster has it. */
  | { state: "handed over" };

/**
 * Carries out what is missing of some runs, each in a process of its own, `jobs` at once, stages that they share first. One that fails does
 * not stop the others; one that another process has is waited for. Throws Interrupted when stopped.
 */
export async function carryOut(runs: readonly PlannedRun[], options: CarryOutOptions): Promise<void> {
  const { onBegin, onState, onEnd, warn } = options;
  const ended = new Set<PlannedRun>();
  const end = (run: PlannedRun, how: RunEnd) => {
    ended.add(run);
    onEnd?.(run, how);
  };
  for (const run of runs) {
    const before = recordOr(run, "done before");
    if (before) end(run, before);
  }
  const open = runs.filter((run) => !ended.has(run));
  if (!options.isAskedFor) for (const run of open) askFor(run);

  const stages = stageWorks(open, (stage, message) => warn(message, { stage }));
  const works = new Map<Work, PlannedRun>();
  for (const run of open)
    works.set(
      runWork(run, stages.of(run), (message) => warn(message, run)),
      run,
    );
  const begun = new Set<PlannedRun>();
  try {
    await schedule([...stages.works.keys(), ...works.keys()], {
      ...options,
      onState(work, state) {
        const run = works.get(work);
        if (run === undefined) {
          onState?.({ stage: stages.works.get(work)! }, state);
          return;
        }
        if (state.is === "running" && !begun.has(run)) {
          begun.add(run);
          onBegin?.(run);
        }
        onState?.(run, state);
        if (state.is === "done") end(run, recordOr(run, "done") ?? lost(run));
        else if (state.is === "failed") end(run, { state: "failed", error: state.error });
        else if (state.is === "cancelled") end(run, { state: "cancelled" });
      },
    });
  } finally {
    if (!options.isAskedFor) for (const { folder } of open.filter((run) => !ended.has(run))) giveUp(folder);
  }
}

/** Makes what is missing of a run's stages up to one, each in a process of its own. Throws what a stage throws, and Interrupted. */
export async function carryOutStages(
  run: PlannedRun,
  upTo: string,
  { signal, warn }: { signal: AbortSignal; warn(message: string): void },
): Promise<void> {
  const stages = stageWorks([run], (_, message) => warn(message));
  const names = run.prepared.stages!.map(({ name }) => name);
  const works = stages.of(run).slice(0, names.indexOf(upTo) + 1);
  let failure: Error | undefined;
  await schedule(works, {
    jobs: 1,
    signal,
    onState(_, state) {
      if (state.is === "failed") failure ??= state.error;
    },
  });
  if (failure) throw failure;
}

/** A damaged record holds up its own run alone. */
function recordOr(run: PlannedRun, state: "done before" | "done"): RunEnd | undefined {
  try {
    const record = finishedRecord(run.folder);
    return record && { state, record };
  } catch (error) {
    return { state: "failed", error: error as Error };
  }
}

function lost({ folder }: PlannedRun): RunEnd {
  return { state: "failed", error: new Error(`${folder}: what was done there is gone`) };
}
