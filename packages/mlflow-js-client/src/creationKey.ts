import { creationKeyTag, filterString, type MlflowClient } from "./client.js";
import type { Run } from "./types.js";

/** The tag that says when a run was made, in milliseconds since 1970: it may have started long before. */
export const madeTag = "mlflow.jsClient.made";

/** All runs that were made with one key: active ones first, of these the one made first; the same order for all who ask. */
export async function runsOfKey(client: MlflowClient, experimentId: string, key: string): Promise<Run[]> {
  const filter = `tags.\`${creationKeyTag}\` = ${filterString(key)}`;
  const runs = await client.searchRuns({ experimentIds: [experimentId], filter, view: "ALL" });
  const deleted = ({ info }: Run): number => Number(info.lifecycle_stage === "deleted");
  const made = ({ info, data }: Run): number =>
    Number(data.tags?.find((tag) => tag.key === madeTag)?.value ?? info.start_time);
  return runs.sort((a, b) => deleted(a) - deleted(b) || made(a) - made(b) || (a.info.run_id < b.info.run_id ? -1 : 1));
}

/**
 * Deletes what a request left that was given up as lost and came to the server after all: active runs of the same key in
 * which nothing was ever recorded.
 */
export async function deleteGhosts(client: MlflowClient, runs: readonly Run[], keptRunId: string): Promise<void> {
  for (const { info, data, inputs, outputs } of runs) {
    const recorded = [data.metrics, data.params, inputs?.dataset_inputs, outputs?.model_outputs];
    const isEmpty = info.status === "RUNNING" && recorded.every((list) => !list?.length);
    if (info.run_id !== keptRunId && info.lifecycle_stage === "active" && isEmpty) await client.deleteRun(info.run_id);
  }
}
