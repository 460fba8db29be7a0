import { randomUUID } from "node:crypto";
import { type Filter, filterText, type Ordering, orderTexts, tag } from "../filter.js";
import { refuse, shown } from "../messages.js";
import type { Run, RunInfo, RunStatus, View } from "../types.js";
import { checkId, checkKey, checkRunName, checkStatus, checkTag, checkTime } from "../validate.js";
import { runFrom, runInfoFrom } from "./answers.js";
import { collected, creationKeyTag } from "./endpoints.js";
import { ExperimentEndpoints } from "./experiments.js";
import { keyValues } from "./keyValues.js";

export { creationKeyTag } from "./endpoints.js";

export interface RunSearch {
  experimentIds: readonly string[];
  /** `metric`, `param`, `tag`, `dataset`, and `attribute` "status", "run_name", "start_time" ...; or a text in MLflow's language. */
  filter?: Filter | string;
  orderBy?: readonly (Ordering | string)[];
  /** "ACTIVE_ONLY" unless given. */
  view?: View;
  /** At most so many; all unless given. */
  maximum?: number;
}

/** Runs: `/runs/...`. */
export abstract class RunEndpoints extends ExperimentEndpoints {
  /**
   * Makes a run, or gives the one that was made with the same `key`: a repeated call after a lost answer makes no second
   * one (`runs/create`, `runs/search`). `startTime` in milliseconds since 1970; now unless given.
   */
  async createRun(run: {
    experimentId: string;
    name: string;
    startTime?: number;
    tags?: Record<string, string>;
    key?: string;
  }): Promise<Run> {
    const key = run.key ?? randomUUID();
    const startTime = run.startTime ?? Date.now();
    checkId("experiment", run.experimentId);
    checkRunName(run.name);
    checkTime("start of the run", startTime);
    const tags = keyValues({ ...run.tags, [creationKeyTag]: key });
    for (const one of tags) checkTag(one);
    const other = run.tags?.["mlflow.runName"];
    if (other !== undefined && other !== run.name)
      refuse('tag "mlflow.runName"', `${shown(other)} is not the name of the run, ${shown(run.name)}`);
    const body = { experiment_id: run.experimentId, run_name: run.name, start_time: startTime, tags };
    return await this.madeOnce(
      // A key that was drawn just now has not been used.
      async (attempt) =>
        attempt === 1 && run.key === undefined
          ? undefined
          : await this.findRunByTag(run.experimentId, creationKeyTag, key),
      async (attempt) => {
        const made = runFrom((await this.postOnce("runs/create", body)).run);
        if (attempt === 1) return made;
        // The first request may have been on its way when we looked: then there are two now, and the older one stays.
        const oldest = (await this.findRunByTag(run.experimentId, creationKeyTag, key)) ?? made;
        if (oldest.info.run_id !== made.info.run_id) await this.deleteRun(made.info.run_id);
        return oldest;
      },
    );
  }

  /**
   * A run with the newest point of each metric (`runs/get`).
   * @throws MlflowError with the code "RESOURCE_DOES_NOT_EXIST"
   */
  async getRun(runId: string): Promise<Run> {
    checkId("run", runId);
    return runFrom((await this.get("runs/get", { run_id: runId })).run);
  }

  /** The oldest run of the experiment with that tag; a deleted one only when there is no other (`runs/search`). */
  async findRunByTag(experimentId: string, key: string, value: string): Promise<Run | undefined> {
    const runs = await this.searchRuns({ experimentIds: [experimentId], filter: tag(key).eq(value), view: "ALL" });
    const deleted = (run: Run) => Number(run.info.lifecycle_stage === "deleted");
    return runs.sort(
      (a, b) =>
        deleted(a) - deleted(b) || a.info.start_time - b.info.start_time || (a.info.run_id < b.info.run_id ? -1 : 1),
    )[0];
  }

  /** All runs that match (`runs/search`), the newest first unless ordered. */
  searchRuns(search: RunSearch): Promise<Run[]> {
    return collected(this.iterateRuns(search));
  }

  /** As `searchRuns`, page by page. */
  iterateRuns(search: RunSearch): AsyncGenerator<Run, void, void> {
    for (const id of search.experimentIds) checkId("experiment", id);
    const body = {
      experiment_ids: search.experimentIds,
      filter: filterText(search.filter, "runs"),
      order_by: orderTexts(search.orderBy, "runs"),
      run_view_type: search.view ?? "ACTIVE_ONLY",
    };
    return this.pages(search.maximum, 1000, async (max_results, page_token) => {
      const page = await this.post("runs/search", { ...body, max_results, page_token });
      return { items: ((page.runs ?? []) as unknown[]).map(runFrom), next: page.next_page_token as string | undefined };
    });
  }

  /**
   * Changes status, name or end, in milliseconds since 1970 (`runs/update`). A final status without an end gets the
   * present as its end.
   */
  async updateRun(runId: string, change: { status?: RunStatus; endTime?: number; name?: string }): Promise<RunInfo> {
    checkId("run", runId);
    if (change.status !== undefined) checkStatus(change.status);
    const ended = change.status !== undefined && ["FINISHED", "FAILED", "KILLED"].includes(change.status);
    const endTime = change.endTime ?? (ended ? Date.now() : undefined);
    if (endTime !== undefined) checkTime("end of the run", endTime);
    if (change.name !== undefined) checkRunName(change.name);
    const body = { run_id: runId, status: change.status, end_time: endTime, run_name: change.name };
    return runInfoFrom((await this.post("runs/update", body)).run_info);
  }

  /** Marks a run as deleted (`runs/delete`). It can be restored. */
  async deleteRun(runId: string): Promise<void> {
    checkId("run", runId);
    await this.post("runs/delete", { run_id: runId });
  }

  /** Takes back `deleteRun` (`runs/restore`). */
  async restoreRun(runId: string): Promise<void> {
    checkId("run", runId);
    await this.post("runs/restore", { run_id: runId });
  }

  /**
   * Takes a tag away (`runs/delete-tag`).
   * @throws MlflowError if there is no such tag
   */
  async deleteTag(runId: string, key: string): Promise<void> {
    checkId("run", runId);
    checkKey("tag", key);
    await this.takenAway("POST", "runs/delete-tag", { run_id: runId, key });
  }
}
