import { Interrupted } from "../../training/interrupted.js";
import type { Attempt, AttemptProgress } from "./attempt.js";
import { pause } from "./pause.js";

/** A piece of work that a process of its own does. */
export interface Work {
  /** Of those that must be done before. */
  after: readonly Work[];
  /** How it stands in its folder, now. */
  look(): Standing;
  /** Settles when its process has ended, however it ended. */
  start(options: StartOptions): Promise<void>;
  /** Called while others work and it comes next, perhaps more than once: what takes time and claims nothing may be done ahead. */
  prepare?(): void;
  /** What was prepared is not needed. */
  release?(): void;
}

export interface StartOptions {
  signal: AbortSignal;
  onProgress(progress: AttemptProgress): void;
}

/** "free": nobody is at it, and it may be begun, or gone on with. */
export type Standing =
  | { is: "done" }
  | { is: "free" }
  | { is: "elsewhere"; attempt: Attempt }
  | { is: "failed"; error: Error }
  | { is: "cancelled" };

/** "queued": a cluster has it, and it does not run. */
export type WorkState =
  | { is: "waiting" }
  | { is: "running"; progress?: AttemptProgress }
  | { is: "elsewhere"; attempt: Attempt }
  | { is: "queued"; says: string }
  | { is: "done"; here: boolean }
  | { is: "failed"; error: Error }
  | { is: "cancelled" };

export interface ScheduleOptions {
  /** Processes at once. */
  jobs: number;
  /** Asks all to stop in order. */
  signal: AbortSignal;
  onState(work: Work, state: WorkState): void;
}

/** How often work that another process has is looked at. */
const LOOK_MS = 1000;
/** A process that died is followed by another; one that goes on dying is not. */
const DEATHS = 3;

/** Thrown by `start` for a process that died: what it did is kept, and another goes on with it. */
export class Died extends Error {}

/**
 * Does pieces of work, in order, `jobs` at once: what is free before what another process has, which is waited for and taken over when it is
 * let go. One that fails stops only those that need it. Throws Interrupted when stopped, after all have stopped.
 */
export async function schedule(works: readonly Work[], options: ScheduleOptions): Promise<void> {
  const { jobs, signal, onState } = options;
  const states = new Map<Work, WorkState>(works.map((work) => [work, { is: "waiting" }]));
  const running = new Map<Work, Promise<void>>();
  const deaths = new Map<Work, number>();
  const set = (work: Work, state: WorkState) => {
    states.set(work, state);
    onState(work, state);
  };
  for (const work of works) onState(work, { is: "waiting" });
  const isOpen = (work: Work) => ["waiting", "elsewhere"].includes(states.get(work)!.is);

  /** Answers whether it may be begun. */
  const consider = (work: Work): boolean => {
    for (const needed of work.after) {
      const { is } = states.get(needed)!;
      if (is === "failed" || is === "cancelled") {
        set(work, { ...states.get(needed)! } as WorkState);
        return false;
      }
      if (is !== "done") return false;
    }
    const standing = work.look();
    if (standing.is === "free") return true;
    work.release?.();
    if (standing.is === "done") set(work, { is: "done", here: false });
    else set(work, standing);
    return false;
  };

  const comesNext = (): Work | undefined => {
    const isNext = (work: Work) =>
      states.get(work)!.is === "waiting" && work.after.every((needed) => states.get(needed)!.is === "done");
    return works.find(isNext);
  };

  const begin = (work: Work) => {
    set(work, { is: "running" });
    const onProgress = (progress: AttemptProgress) => set(work, { is: "running", progress });
    const ended = work
      .start({ signal, onProgress })
      .then(
        () => set(work, { is: "done", here: true }),
        (error: Error) => {
          const standing = work.look();
          const early = error instanceof Died || error instanceof Interrupted;
          deaths.set(work, (deaths.get(work) ?? 0) + 1);
          if (standing.is === "done") set(work, { is: "done", here: true });
          else if (standing.is === "elsewhere" || standing.is === "cancelled") set(work, standing);
          else if (standing.is === "free" && (signal.aborted || (early && deaths.get(work)! < DEATHS)))
            set(work, { is: "waiting" });
          // Its own words are more than its folder holds.
          else set(work, { is: "failed", error });
        },
      )
      .finally(() => running.delete(work));
    running.set(work, ended);
  };

  try {
    while (!signal.aborted && works.some((work) => isOpen(work) || running.has(work))) {
      for (const work of works) {
        // What others have is looked at in any case, for those who watch.
        const isDue = running.size < jobs || states.get(work)!.is === "elsewhere";
        if (isOpen(work) && isDue && consider(work) && running.size < jobs) begin(work);
      }
      if (running.size >= jobs) comesNext()?.prepare?.();
      await Promise.race([...running.values(), pause(LOOK_MS, signal)]);
    }
  } finally {
    for (const work of works) if (!running.has(work)) work.release?.();
  }
  await Promise.all(running.values());
  if (signal.aborted && works.some(isOpen)) throw new Interrupted("stopped");
}
