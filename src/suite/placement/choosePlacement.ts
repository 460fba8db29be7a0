import { UserError } from "../../userError.js";
import { usualThreads } from "../runPlan.js";
import { clusterEngine } from "./clusters.js";
import { onCluster, onThisMachine, type Placement, requireProcessors } from "./placement.js";
import type { Resources } from "./submission.js";
import { requireReachableTracking } from "./trackingReach.js";

export interface PlacementChoice {
  on: Placement["on"];
  /** Runs at once; default here 1, on a cluster as many as there is room for. */
  jobs?: number;
  /** Of one operation, where it was said. */
  threads?: number;
  /** Of each run on a cluster. */
  resources: Omit<Resources, "threads" | "atOnce">;
  /** Only hands over. */
  detach?: boolean;
  /** Nothing will be handed over: the cluster need not be there. */
  dryRun?: boolean;
}

/**
 * Where runs are to be carried out, looked at before anything is planned. Throws UserError where a cluster cannot be used, where no node
 * has as many processors, and where its nodes could not reach the tracking server.
 *
 * @returns with the threads of runs that begin; undefined: the machine's
 */
export async function choosePlacement({
  on,
  jobs,
  threads,
  resources,
  detach,
  dryRun,
}: PlacementChoice): Promise<{ placement: Placement; threads: number | undefined }> {
  if (on === "local") {
    const shared = jobs === undefined || jobs === 1 ? undefined : Math.max(1, Math.floor(usualThreads() / jobs));
    return { placement: onThisMachine(jobs ?? 1), threads: threads ?? shared };
  }
  const engine = clusterEngine(on, resources);
  const each = { ...resources, ...(jobs !== undefined && { atOnce: jobs }) };
  const placement = onCluster(engine, each, { detach: detach === true });
  if (dryRun) return { placement, threads };
  const nodes = await engine.nodes();
  requireReachableTracking(process.env.MLFLOW_TRACKING_URI, nodes, on);
  requireNoSecrets(process.env.MLFLOW_TRACKING_URI);
  if (threads !== undefined) requireProcessors(threads, nodes.processors, on);
  return { placement, threads: threads ?? Math.min(usualThreads(), nodes.processors ?? usualThreads()) };
}

/** The address is written into the manifest and the script. */
function requireNoSecrets(uri: string | undefined): void {
  if (uri && /^\w+:\/\/[^/]*@/.test(uri))
    throw new UserError(
      "MLFLOW_TRACKING_URI holds a name or a password, which would be written into the submission; put them into ~/.mlflow/credentials (docs/clusters.md)",
    );
}
