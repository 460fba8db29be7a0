import { UserError } from "../../userError.js";
import { type ClusterEngine, type PlacedTask, Unreachable } from "./engine.js";
import { rayEngine } from "./ray.js";
import { slurmEngine } from "./slurm.js";
import type { Resources, Submission } from "./submission.js";

/** The engine by that name, as those resources say where it is. */
export function clusterEngine(
  on: Submission["on"],
  resources: Pick<Resources, "partition" | "address">,
): ClusterEngine {
  if (on === "slurm") return slurmEngine(resources);
  const { address } = resources;
  return rayEngine(address === undefined ? {} : { address });
}

/**
 * The tasks of submissions, as their engines see them now, by submission and index; an engine that cannot be asked is told in
 * `unreachable`, by its name.
 */
export async function tasksOfSubmissions(
  submissions: readonly Submission[],
): Promise<{ tasks: Map<string, PlacedTask>; unreachable: Map<string, string> }> {
  const tasks = new Map<string, PlacedTask>();
  const unreachable = new Map<string, string>();
  for (const group of byEngine(submissions)) {
    const { on, resources } = group[0]!;
    try {
      const found = await clusterEngine(on, resources).tasks(group.map(({ id }) => id));
      for (const task of found) tasks.set(keyOf(task), task);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!(error instanceof Unreachable || error instanceof UserError || code === "ENOENT")) throw error;
      unreachable.set(on, message.split("\n")[0]!);
    }
  }
  return { tasks, unreachable };
}

export function keyOf({ submission, index }: Pick<PlacedTask, "submission" | "index">): string {
  return `${submission}/${index}`;
}

/** Those that one question answers. */
function byEngine(submissions: readonly Submission[]): Submission[][] {
  const groups = new Map<string, Submission[]>();
  for (const submission of submissions) {
    const key = `${submission.on} ${submission.resources.address ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), submission]);
  }
  return [...groups.values()];
}
