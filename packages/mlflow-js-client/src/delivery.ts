import { existsSync } from "node:fs";
import path from "node:path";
import type { Batch } from "./batches.js";
import { creationKeyTag, type MlflowClient } from "./client.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { ensureParentRun, parentTag, refreshParentStatus } from "./parentRun.js";
import type { SentState } from "./sentState.js";
import type { SpoolRecord } from "./spoolRecords.js";

/** Something that sending again will not mend, but a person may. */
export class Blocked extends Error {}

/** The run of the state is not on the server any more: everything is to be sent again. */
export class Vanished extends Error {}

export type BatchRecord = Extract<SpoolRecord, { kind: "metrics" | "params" | "tags" }>;

export interface DeliveryOptions {
  client: MlflowClient;
  filesFolder: string;
  lockFolder?: string;
  /** Keeps what was refused for good. */
  reject: (what: unknown, why: string) => void;
}

/** Turns records of a spool into requests. Throws `MlflowError` for what may go well later, `Blocked` and `Vanished`. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #client: MlflowClient;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#client = options.client;
  }

  /** Looks whether the run of the state is still there. */
  async verify(state: SentState): Promise<void> {
    try {
      const { info } = await this.#client.getRun(state.runId!);
      if (info.lifecycle_stage === "deleted")
        throw new Blocked(`run ${state.runId} was deleted on the server: restore it there to send the rest`);
    } catch (error) {
      if (error instanceof MlflowError && error.status === 404) throw new Vanished();
      throw error;
    }
  }

  async batch(state: SentState, records: BatchRecord[]): Promise<void> {
    if (records.length > 0) await this.#logOrSplit(state, together(records));
  }

  async one(state: SentState, record: Exclude<SpoolRecord, BatchRecord>): Promise<void> {
    switch (record.kind) {
      case "create":
        return this.#create(state, record);
      case "attach":
        return this.#attach(state, record.runId);
      case "resume":
        if (state.status !== "RUNNING") await this.#setStatus(state, "RUNNING");
        return;
      case "end":
        return this.#setStatus(state, record.status, record.time);
      case "dataset":
        return this.#orReject(state, record, () => this.#client.logInputs(state.runId!, [record.dataset]));
      case "artifact":
        return this.#orReject(state, record, () => this.#upload(state.artifactUri!, record.file, record.path));
      case "parentTags":
        if (state.parentRunId === undefined) return;
        return this.#orReject(state, record, () => this.#client.setTags(state.parentRunId!, record.values));
      case "model":
        return this.#orReject(state, record, () => this.#model(state, record.model));
    }
  }

  async #create(state: SentState, record: Extract<SpoolRecord, { kind: "create" }>): Promise<void> {
    const experimentId = await this.#experimentOf(record);
    for (const [key, value] of Object.entries(record.experimentTags ?? {}))
      await this.#client.setExperimentTag(experimentId, key, value);
    const tags = { ...record.tags };
    if (record.parent) {
      const { lockFolder } = this.#options;
      state.parentRunId = await ensureParentRun(this.#client, experimentId, record.parent, record.time, lockFolder);
      tags[parentTag] = state.parentRunId;
    }
    if (record.parentRun) {
      const { key, experiment } = record.parentRun;
      const parent = await this.#client.findRunByTag(await this.#experimentOf(record.parentRun), creationKeyTag, key);
      if (!parent)
        throw new MlflowError(`the run that this one is nested in is not in experiment "${experiment}" yet`, 0, "NO_PARENT");
      tags[parentTag] = parent.info.run_id;
    }
    const { name, time: startTime, key } = record;
    const { info } = await this.#client.createRun({ experimentId, name, startTime, key, tags });
    Object.assign(state, { experimentId, runId: info.run_id, artifactUri: info.artifact_uri });
    if (info.lifecycle_stage === "deleted") await this.verify(state);
    await this.#setStatus(state, "RUNNING");
  }

  async #experimentOf(run: { experiment: string; experimentId?: string }): Promise<string> {
    return run.experimentId ?? (await this.#client.getOrCreateExperiment(run.experiment)).experiment_id;
  }

  async #attach(state: SentState, runId: string): Promise<void> {
    const { info } = await this.#client.getRun(runId).catch((error: unknown) => {
      if (error instanceof MlflowError && error.status === 404) throw new Blocked(`there is no run ${runId} on the server`);
      throw error;
    });
    Object.assign(state, { experimentId: info.experiment_id, runId, artifactUri: info.artifact_uri });
    if (info.lifecycle_stage === "deleted") await this.verify(state);
    if (info.status !== "RUNNING") await this.#setStatus(state, "RUNNING");
    state.status = "RUNNING";
  }

  async #setStatus(
    state: SentState,
    status: "RUNNING" | "FINISHED" | "FAILED" | "KILLED",
    time?: number,
  ): Promise<void> {
    await this.#client.updateRun(state.runId!, { status, endTime: time });
    state.status = status;
    if (state.parentRunId !== undefined)
      await refreshParentStatus(this.#client, state.experimentId!, state.parentRunId);
  }

  /** A process that died without a word leaves a run that was killed. */
  async markKilled(state: SentState, time: number): Promise<void> {
    await this.#setStatus(state, "KILLED", time);
  }

  async #model(state: SentState, model: Extract<SpoolRecord, { kind: "model" }>["model"]): Promise<void> {
    const { name, key, type, params, tags, files, metrics = [] } = model;
    const { info } = await this.#client.createLoggedModel({
      experimentId: state.experimentId!,
      sourceRunId: state.runId!,
      name,
      key,
      type,
      params,
      tags,
    });
    for (const { file, path: place } of files) await this.#upload(info.artifact_uri, file, place);
    await this.#client.logBatch(state.runId!, {
      metrics: metrics.map(({ key, value, time, step, dataset }) => ({
        ...{ key, value: Number(value), timestamp: time, step, model_id: info.model_id },
        ...(dataset && { dataset_name: dataset.name, dataset_digest: dataset.digest }),
      })),
    });
    await this.#client.finalizeLoggedModel(info.model_id, true, state.runId!);
  }

  async #upload(artifactUri: string, file: string, place: string): Promise<void> {
    const full = path.resolve(this.#options.filesFolder, file);
    if (!existsSync(full)) throw new MlflowValidationError(`artefact "${file}"`, "the file is gone");
    await this.#client.artifacts.upload(artifactUri, place, full);
  }

  /** Logs a batch; of a batch that is refused, all but the refused values. */
  async #logOrSplit(state: SentState, batch: Batch): Promise<void> {
    const entries = batch.metrics.length + batch.params.length + batch.tags.length;
    if (entries === 0) return;
    try {
      await this.#client.logBatch(state.runId!, batch);
    } catch (error) {
      await this.#throwUnlessRefused(state, error);
      if (entries === 1) return this.#options.reject(batch, (error as Error).message);
      for (const part of halves(batch)) await this.#logOrSplit(state, part);
    }
  }

  async #orReject(state: SentState, record: SpoolRecord, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await this.#throwUnlessRefused(state, error);
      this.#options.reject(record, (error as Error).message);
    }
  }

  /** Passes when the value itself was refused, so that everything else can go on. */
  async #throwUnlessRefused(state: SentState, error: unknown): Promise<void> {
    if (error instanceof MlflowValidationError) return;
    if (!(error instanceof MlflowError)) throw error;
    if (error.code === "ARTIFACTS_NOT_SERVED") return;
    if (error.transient || error.status === 401 || error.status === 403) throw error;
    await this.verify(state);
  }
}

function together(records: BatchRecord[]): Batch {
  const metrics = new Map<string, Batch["metrics"][number]>();
  const params = new Map<string, string>();
  const tags = new Map<string, string>();
  for (const record of records)
    for (const [key, value] of Object.entries(record.values)) {
      if (record.kind === "metrics") {
        const point = { key, value: Number(value), step: record.step, timestamp: record.time };
        metrics.set(JSON.stringify([key, value, record.step, record.time]), point);
      } else if (record.kind === "tags") tags.set(key, value as string);
      else if (!params.has(key)) params.set(key, value as string);
    }
  const list = (values: Map<string, string>) => [...values].map(([key, value]) => ({ key, value }));
  return { metrics: [...metrics.values()], params: list(params), tags: list(tags) };
}

function halves(batch: Batch): Batch[] {
  const half = <T>(values: T[], second: boolean): T[] => {
    const middle = Math.ceil(values.length / 2);
    return second ? values.slice(middle) : values.slice(0, middle);
  };
  const none: Batch = { metrics: [], params: [], tags: [] };
  // Kinds are parted first: then one bad parameter costs the metrics beside it nothing.
  const kinds = [
    { ...none, params: batch.params },
    { ...none, tags: batch.tags },
    { ...none, metrics: batch.metrics },
  ].filter((part) => part.params.length + part.tags.length + part.metrics.length > 0);
  if (kinds.length > 1) return kinds;
  return [false, true].map((second) => ({
    params: half(batch.params, second),
    tags: half(batch.tags, second),
    metrics: half(batch.metrics, second),
  }));
}
