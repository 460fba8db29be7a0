import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { type CarryOutOptions, carryOut } from "../running/carryOut.js";
import { finishedRecord } from "../runRecord.js";
import type { ClusterEngine } from "./engine.js";
import { follow } from "./follow.js";
import type { Resources } from "./submission.js";
import { submissionOf, submit } from "./submit.js";

/** What is told of runs while they are carried out, wherever that is. */
export type PlacementOptions = Omit<CarryOutOptions, "jobs" | "isAskedFor">;

/** Carries out what is missing of some runs, somewhere; what was done is kept in their folders, whoever did it. */
export interface Placement {
  readonly on: "local" | "slurm" | "ray";
  carryOut(runs: readonly PlannedRun[], options: PlacementOptions & { say(message: string): void }): Promise<void>;
  /** What would be handed over, for people; undefined where nothing is. */
  describe(runs: readonly PlannedRun[]): string | undefined;
}

/** In processes of this machine. @param jobs at once */
export function onThisMachine(jobs: number): Placement {
  return {
    on: "local",
    carryOut: (runs, options) => carryOut(runs, { ...options, jobs }),
    describe: () => undefined,
  };
}

/**
 * On a cluster: hands over what nobody has, then watches until all has come to its end. Asked again, it watches what was handed over
 * before.
 *
 * @param resources of each run, its threads apart
 * @param detach only hands over
 */
export function onCluster(
  engine: ClusterEngine,
  resources: Omit<Resources, "threads">,
  { detach = false }: { detach?: boolean } = {},
): Placement {
  const withThreads = (runs: readonly PlannedRun[]): Resources => ({
    ...resources,
    threads: Math.max(1, ...runs.map(({ threads }) => threads)),
  });
  return {
    on: engine.name,
    describe: (runs) => engine.describe(submissionOf(runs, engine.name, withThreads(runs))),
    async carryOut(runs, { onState, onEnd, signal, say }) {
      const open: PlannedRun[] = [];
      for (const run of runs) {
        try {
          const record = finishedRecord(run.folder);
          if (record) onEnd?.(run, { state: "done before", record });
          else open.push(run);
        } catch (error) {
          onEnd?.(run, { state: "failed", error: error as Error });
        }
      }
      if (open.length === 0) return;
      for (const run of open) onState?.(run, { is: "waiting" });
      const submission = await submit(open, engine, withThreads(open));
      say(handedOver(engine, open.length, submission));
      if (detach) for (const run of open) onEnd?.(run, { state: "handed over" });
      else await follow(open, { engine, signal, say, ...(onState && { onState }), ...(onEnd && { onEnd }) });
    },
  };
}

function handedOver(
  { name }: ClusterEngine,
  count: number,
  submission: { id: string; folder: string; tasks: readonly { stage?: string }[] } | undefined,
): string {
  if (!submission) return `${count === 1 ? "the run is" : `all ${count} runs are`} with ${name} already, or being run`;
  const stages = submission.tasks.filter(({ stage }) => stage !== undefined).length;
  const runs = submission.tasks.length - stages;
  const before = count - runs;
  const words = [
    `handed to ${name}: ${runs} ${runs === 1 ? "run" : "runs"}`,
    ...(stages > 0 ? [`${stages} ${stages === 1 ? "stage" : "stages"} that they share`] : []),
    ...(before > 0 ? [`${before} were handed over before, or are being run`] : []),
  ];
  return `${words.join(", ")} (${submission.folder})`;
}

/** Throws UserError where a run wants more threads than any node has. */
export function requireProcessors(threads: number, processors: number | undefined, on: string): void {
  if (processors !== undefined && threads > processors)
    throw new UserError(`--threads ${threads}: no node of ${on} has more than ${processors} processors`);
}
