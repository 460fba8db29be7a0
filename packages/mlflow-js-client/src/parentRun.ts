import { createHash } from "node:crypto";
import path from "node:path";
import { creationKeyTag, filterString, type MlflowClient } from "./client.js";
import { waitForLock } from "./processLock.js";
import type { ParentRun } from "./spoolRecords.js";

export const parentTag = "mlflow.parentRunId";

/**
 * The id of the run that others stand under, made if there is none. Processes of one machine agree by a lock in
 * `lockFolder`; if two machines make one each, both keep the older and the other is deleted.
 */
export async function ensureParentRun(
  client: MlflowClient,
  experimentId: string,
  parent: ParentRun,
  startTime: number,
  lockFolder?: string,
): Promise<string> {
  const name = createHash("sha256").update(`${experimentId}/${parent.key}`).digest("hex").slice(0, 16);
  const release = lockFolder && (await waitForLock(path.join(lockFolder, `parent-${name}.lock`), 30_000));
  try {
    const { name, key, tags } = parent;
    const made = await client.createRun({ experimentId, name, key, tags, startTime });
    const oldest = (await client.findRunByTag(experimentId, creationKeyTag, key)) ?? made;
    if (oldest.info.run_id !== made.info.run_id) await client.deleteRun(made.info.run_id);
    if (oldest.info.lifecycle_stage === "deleted") await client.restoreRun(oldest.info.run_id);
    return oldest.info.run_id;
  } finally {
    if (release) release();
  }
}

/** Gives the parent the status of its children together: running while one runs, failed if one failed, else finished. */
export async function refreshParentStatus(client: MlflowClient, experimentId: string, parentId: string): Promise<void> {
  const filter = `tags.\`${parentTag}\` = ${filterString(parentId)}`;
  const children = (await client.searchRuns({ experimentIds: [experimentId], filter })).map((run) => run.info);
  const all = new Set(children.map((info) => info.status));
  if (all.has("RUNNING") || all.has("SCHEDULED") || all.size === 0)
    await client.updateRun(parentId, { status: "RUNNING" });
  else {
    const status = all.has("FAILED") ? "FAILED" : all.has("KILLED") ? "KILLED" : "FINISHED";
    await client.updateRun(parentId, {
      status,
      endTime: Math.max(...children.map((info) => Number(info.end_time ?? 0))),
    });
  }
}
