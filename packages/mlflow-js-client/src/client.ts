import { randomUUID } from "node:crypto";
import { Artifacts } from "./artifacts.js";
import { type Batch, cutIntoBatches, metricForWire, metricFromWire } from "./batches.js";
import { type Connection, connectionFromEnvironment } from "./environment.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { Transport, type TransportOptions } from "./transport.js";
import type {
  DatasetDescription,
  Experiment,
  KeyValue,
  LoggedModel,
  Metric,
  Run,
  RunInfo,
  RunStatus,
} from "./types.js";
import {
  checkDataset,
  checkExperimentName,
  checkKey,
  checkMetric,
  checkParameter,
  checkStatus,
  checkTag,
  checkText,
  checkTime,
  limits,
} from "./validate.js";

/** The tag by which a run or model is found again when the answer to its making was lost. */
export const creationKeyTag = "mlflow-js-client.key";

const api = "/api/2.0/mlflow";

/** A string as it stands in a search filter. Throws `MlflowValidationError` where it cannot be written there. */
export function filterString(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('"')) return `"${value}"`;
  throw new MlflowValidationError("filter", "a text with both kinds of quotes cannot stand in a search filter");
}

/**
 * MLflow's REST interface, with every value checked before it is sent: the server answers 200 to many wrong ones. Methods
 * throw `MlflowValidationError` for what is refused here and `MlflowError` for what the server says or does not say.
 */
export class MlflowClient {
  readonly transport: Transport;
  readonly artifacts: Artifacts;

  /** @param connection from `connectionFromEnvironment()` unless given */
  constructor(connection: Connection = connectionFromEnvironment(), options: TransportOptions = {}) {
    this.transport = new Transport(connection, options);
    this.artifacts = new Artifacts(this.transport);
  }

  /** The server's version, such as "3.17.2". */
  async version(): Promise<string> {
    return (await this.transport.request("GET", "/version")).text.trim();
  }

  /** Undefined when there is none of that name; a deleted one keeps its name and is given too. */
  async findExperiment(name: string): Promise<Experiment | undefined> {
    checkExperimentName(name);
    const query = { experiment_name: name };
    try {
      const path = `${api}/experiments/get-by-name`;
      return (await this.transport.json<{ experiment: Experiment }>("GET", path, { query })).experiment;
    } catch (error) {
      if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
      throw error;
    }
  }

  /** The experiment of that name, made if there is none. A deleted one is an error that says what to do. */
  async getOrCreateExperiment(name: string): Promise<Experiment> {
    let experiment = await this.findExperiment(name);
    if (!experiment) {
      try {
        await this.#post("experiments/create", { name }, false);
      } catch (error) {
        // Another process was faster, or the answer was lost: the next look decides.
        if (!(error instanceof MlflowError) || !(error.transient || error.code === "RESOURCE_ALREADY_EXISTS"))
          throw error;
      }
      experiment = await this.findExperiment(name);
      if (!experiment) throw new MlflowError(`experiment "${name}" could not be made`, 0, "UNREACHABLE");
    }
    if (experiment.lifecycle_stage === "deleted")
      throw new MlflowError(
        `experiment "${name}" was deleted and keeps its name: restore it (\`mlflow experiments restore -x ${experiment.experiment_id}\`) or use another name`,
        400,
        "EXPERIMENT_DELETED",
      );
    return experiment;
  }

  async setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    checkTag({ key, value });
    await this.#post("experiments/set-experiment-tag", { experiment_id: experimentId, key, value });
  }

  /**
   * Makes a run, or gives the one that was made with the same `key`: a repeated call after a lost answer makes no second
   * one. `startTime` in milliseconds.
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
    checkText("run name", run.name, limits.tagCharacters, 1);
    checkTime("start of the run", startTime);
    const tags = keyValues({ ...run.tags, [creationKeyTag]: key });
    for (const tag of tags) checkTag(tag);
    const body = { experiment_id: run.experimentId, run_name: run.name, start_time: startTime, tags };
    for (let attempt = 1; ; attempt++) {
      const existing = await this.findRunByTag(run.experimentId, creationKeyTag, key);
      if (existing) return existing;
      try {
        return (await this.#post<{ run: Run }>("runs/create", body, false)).run;
      } catch (error) {
        if (!(error instanceof MlflowError) || !error.transient || attempt >= 3) throw error;
      }
    }
  }

  /** The oldest run of the experiment with that tag; a deleted one only when there is no other. */
  async findRunByTag(experimentId: string, tag: string, value: string): Promise<Run | undefined> {
    const filter = `tags.\`${tag}\` = ${filterString(value)}`;
    const runs = await this.searchRuns({ experimentIds: [experimentId], filter, view: "ALL" });
    const deleted = (run: Run) => Number(run.info.lifecycle_stage === "deleted");
    return runs.sort(
      (a, b) =>
        deleted(a) - deleted(b) || a.info.start_time - b.info.start_time || (a.info.run_id < b.info.run_id ? -1 : 1),
    )[0];
  }

  async getRun(runId: string): Promise<Run> {
    const { run } = await this.transport.json<{ run: Run }>("GET", `${api}/runs/get`, { query: { run_id: runId } });
    return { ...run, data: { ...run.data, metrics: run.data.metrics?.map(metricFromWire) } };
  }

  /** All runs that match; `filter` in MLflow's search language. */
  async searchRuns(search: {
    experimentIds: readonly string[];
    filter?: string;
    orderBy?: string[];
    view?: "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";
    maximum?: number;
  }): Promise<Run[]> {
    const maximum = search.maximum ?? Number.POSITIVE_INFINITY;
    const body = {
      experiment_ids: search.experimentIds,
      filter: search.filter ?? "",
      order_by: search.orderBy ?? [],
      run_view_type: search.view ?? "ACTIVE_ONLY",
      max_results: Math.min(maximum, 1000),
    };
    const runs = await this.#pages<Run>("runs", maximum, (page_token) =>
      this.#post("runs/search", { ...body, page_token }),
    );
    return runs.map((run) => ({ ...run, data: { ...run.data, metrics: run.data?.metrics?.map(metricFromWire) } }));
  }

  /** Changes status, name or end. A final status without an end gets the present as its end. */
  async updateRun(runId: string, change: { status?: RunStatus; endTime?: number; name?: string }): Promise<RunInfo> {
    if (change.status !== undefined) checkStatus(change.status);
    const ended = change.status !== undefined && ["FINISHED", "FAILED", "KILLED"].includes(change.status);
    const endTime = change.endTime ?? (ended ? Date.now() : undefined);
    if (endTime !== undefined) checkTime("end of the run", endTime);
    if (change.name !== undefined) checkText("run name", change.name, limits.tagCharacters, 1);
    const body = { run_id: runId, status: change.status, end_time: endTime, run_name: change.name };
    return (await this.#post<{ run_info: RunInfo }>("runs/update", body)).run_info;
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#post("runs/delete", { run_id: runId });
  }

  async restoreRun(runId: string): Promise<void> {
    await this.#post("runs/restore", { run_id: runId });
  }

  /** Logs any number of metrics, parameters and tags, cut into as many requests as the server's limits need. */
  async logBatch(runId: string, all: Partial<Batch>): Promise<void> {
    for (const metric of all.metrics ?? []) checkMetric(metric);
    for (const parameter of all.params ?? []) checkParameter(parameter);
    for (const tag of all.tags ?? []) checkTag(tag);
    for (const { metrics, params, tags } of cutIntoBatches(all))
      await this.#post("runs/log-batch", { run_id: runId, metrics: metrics.map(metricForWire), params, tags });
  }

  async setTags(runId: string, tags: Record<string, string>): Promise<void> {
    await this.logBatch(runId, { tags: keyValues(tags) });
  }

  /** Logs data sets as inputs of the run. */
  async logInputs(runId: string, datasets: DatasetDescription[]): Promise<void> {
    for (const dataset of datasets) checkDataset(dataset);
    const inputs = datasets.map(({ name, digest, source, sourceType, context, schema, profile }) => ({
      tags: context === undefined ? [] : [{ key: "mlflow.data.context", value: context }],
      dataset: {
        name,
        digest,
        // MLflow's own clients read the source as JSON, whose field depends on the type.
        source_type: sourceType ?? (/^https?:/.test(source) ? "http" : "local"),
        source: JSON.stringify(/^https?:/.test(source) ? { url: source } : { uri: source }),
        schema: schema === undefined ? undefined : JSON.stringify(schema),
        profile: profile === undefined ? undefined : JSON.stringify(profile),
      },
    }));
    await this.#post("runs/log-inputs", { run_id: runId, datasets: inputs });
  }

  /** All points of one metric, in the server's order. */
  async metricHistory(runId: string, key: string): Promise<Metric[]> {
    checkKey("metric", key);
    const query = { run_id: runId, metric_key: key, max_results: 25_000 };
    const path = `${api}/metrics/get-history`;
    const points = await this.#pages<Metric>("metrics", Number.POSITIVE_INFINITY, (page_token) =>
      this.transport.json("GET", path, { query: { ...query, page_token } }),
    );
    return points.map(metricFromWire);
  }

  /** Makes a logged model, or gives the one that was made with the same `key` (MLflow 3). It is pending until finalised. */
  async createLoggedModel(model: {
    experimentId: string;
    name: string;
    sourceRunId?: string;
    type?: string;
    params?: Record<string, string>;
    tags?: Record<string, string>;
    key?: string;
  }): Promise<LoggedModel> {
    checkText("model name", model.name, limits.keyCharacters, 1);
    const key = model.key ?? randomUUID();
    const params = keyValues(model.params ?? {});
    const tags = keyValues({ ...model.tags, [creationKeyTag]: key });
    for (const parameter of params) checkParameter(parameter);
    for (const tag of tags) checkTag(tag);
    const search = {
      experiment_ids: [model.experimentId],
      filter: `tags.\`${creationKeyTag}\` = ${filterString(key)}`,
      max_results: 1,
    };
    const found = await this.#post<{ models?: LoggedModel[] }>("logged-models/search", search);
    if (found.models?.[0]) return found.models[0];
    const body = {
      experiment_id: model.experimentId,
      name: model.name,
      source_run_id: model.sourceRunId,
      model_type: model.type,
      params: params.slice(0, limits.parametersPerBatch),
      tags,
    };
    const made = await this.#post<{ model: LoggedModel }>("logged-models", body, false);
    const { model_id } = made.model.info;
    for (let at = limits.parametersPerBatch; at < params.length; at += limits.parametersPerBatch)
      await this.#post(`logged-models/${model_id}/params`, {
        model_id,
        params: params.slice(at, at + limits.parametersPerBatch),
      });
    return made.model;
  }

  /** Marks a logged model as complete (or failed) and, where a run is named, as that run's output. */
  async finalizeLoggedModel(modelId: string, ready: boolean, runId?: string): Promise<void> {
    const status = ready ? "LOGGED_MODEL_READY" : "LOGGED_MODEL_UPLOAD_FAILED";
    await this.transport.json("PATCH", `${api}/logged-models/${encodeURIComponent(modelId)}`, {
      json: { model_id: modelId, status },
    });
    if (runId === undefined) return;
    // The server refuses the same output a second time, so it is looked for first.
    const { outputs } = await this.getRun(runId);
    if (outputs?.model_outputs?.some((output) => output.model_id === modelId)) return;
    await this.#post("runs/outputs", { run_id: runId, models: [{ model_id: modelId, step: 0 }] }, false);
  }

  #post<T>(path: string, json: unknown, retry = true): Promise<T> {
    return this.transport.json<T>("POST", `${api}/${path}`, { json, retry });
  }

  /** Reads page after page, until there is none, enough is there, or the server repeats a token (some loop). */
  async #pages<T>(
    field: string,
    maximum: number,
    read: (token: string | undefined) => Promise<Record<string, unknown>>,
  ): Promise<T[]> {
    const all: T[] = [];
    const seen = new Set<string>();
    for (let token: string | undefined; ; ) {
      const page = await read(token);
      all.push(...((page[field] as T[] | undefined) ?? []));
      token = page.next_page_token as string | undefined;
      if (!token || seen.has(token) || all.length >= maximum) return all.slice(0, maximum);
      seen.add(token);
    }
  }
}

function keyValues(values: Record<string, string>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
