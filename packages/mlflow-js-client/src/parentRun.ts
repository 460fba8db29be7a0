import { createHash } from "node:crypto";
import path from "node:path";
import { filterString, type MlflowClient } from "./client.js";
import { madeTag, runsOfKey } from "./creationKey.js";
import { waitForLock } from "./processLock.js";
import type { ParentRun } from "./spoolRecords.js";
import type { Run } from "./types.js";

export const parentTag = "mlflow.parentRunId";

async function locked<T>(lockFolder: string | undefined, what: string, act: () => Promise<T>): Promise<T> {
  const name = createHash("sha256").update(what).digest("hex").slice(0, 16);
  const release = lockFolder && (await waitForLock(path.join(lockFolder, `parent-${name}.lock`), 30_000));
  try {
    return await act();
  } finally {
    if (release) release();
  }
}

function childrenOf(client: MlflowClient, experimentId: string, parentId: string): Promise<Run[]> {
  const filter = `tags.\`${parentTag}\` = ${filterString(parentId)}`;
  return client.searchRuns({ experimentIds: [experimentId], filter });
}

/**
 * The id of the run that others stand under, made if there is none. Processes of one machine agree by a lock in
 * `lockFolder`; if two machines make one each, the one made first stays, and the other's children are put under it.
 */
export async function ensureParentRun(
  client: MlflowClient,
  experimentId: string,
  parent: ParentRun,
  startTime: number,
  lockFolder?: string,
): Promise<string> {
  return locked(lockFolder, `${experimentId}/${parent.key}`, async () => {
    const { name, key } = parent;
    const tags = { ...parent.tags, [madeTag]: String(Date.now()) };
    const made = await client.createRun({ experimentId, name, key, tags, startTime });
    const [first = made, ...others] = await runsOfKey(client, experimentId, key);
    const parentId = first.info.run_id;
    for (const { info } of others) {
      if (info.lifecycle_stage === "deleted") continue;
      for (const child of await childrenOf(client, experimentId, info.run_id))
        await client.setTags(child.info.run_id, { [parentTag]: parentId });
      await client.deleteRun(info.run_id);
    }
    if (first.info.lifecycle_stage === "deleted") await client.restoreRun(parentId);
    return parentId;
  });
}

/** Gives the parent the status of its children together: running while one runs, failed if one failed, else finished. */
export async function refreshParentStatus(
  client: MlflowClient,
  experimentId: string,
  parentId: string,
  lockFolder?: string,
): Promise<void> {
  // Two children that end at once: the one that looked first must not have the last word.
  await locked(lockFolder, `status ${parentId}`, async () => {
    const children = (await childrenOf(client, experimentId, parentId)).map((run) => run.info);
    const all = new Set(children.map((info) => info.status));
    if (all.has("RUNNING") || all.has("SCHEDULED") || all.size === 0)
      return void (await client.updateRun(parentId, { status: "RUNNING" }));
    const status = all.has("FAILED") ? "FAILED" : all.has("KILLED") ? "KILLED" : "FINISHED";
    const endTime = Math.max(...children.map((info) => Number(info.end_time ?? 0)));
    await client.updateRun(parentId, { status, endTime });
  });
}
