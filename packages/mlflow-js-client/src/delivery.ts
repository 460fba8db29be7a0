import { existsSync } from "node:fs";
import path from "node:path";
import type { Batch } from "./batches.js";
import { creationKeyTag, type MlflowClient } from "./client.js";
import { deleteGhosts, runsOfKey } from "./creationKey.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { ensureParentRun, parentTag, refreshParentStatus } from "./parentRun.js";
import { type BatchRecord, batchOf, halves, type Reject, size, theOnly } from "./recordBatch.js";
import { isRefusal, notFound } from "./refusal.js";
import type { SentState } from "./sentState.js";
import type { SpoolRecord } from "./spoolRecords.js";
import type { Run } from "./types.js";

/** Something that sending again will not mend, but a person may. */
export class Blocked extends Error {}

/** The run of the state is not on the server any more: everything is to be sent again. */
export class Vanished extends Error {}

export interface DeliveryOptions {
  client: MlflowClient;
  filesFolder: string;
  lockFolder?: string;
  /** Keeps what was refused for good. */
  reject: Reject;
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
      if (info.lifecycle_stage !== "deleted") return;
    } catch (error) {
      if (notFound(error)) throw new Vanished();
      throw error;
    }
    // Of two runs that two machines made with one key, one was deleted: the other is the run.
    const [first] = state.key === undefined ? [] : await runsOfKey(this.#client, state.experimentId!, state.key);
    if (first?.info.lifecycle_stage === "active") throw new Vanished();
    throw new Blocked(`run ${state.runId} was deleted on the server: restore it there to send the rest`);
  }

  async batch(state: SentState, records: BatchRecord[]): Promise<void> {
    if (records.length > 0) await this.#logOrSplit(state, batchOf(records, this.#options.reject));
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
        if (state.key !== undefined) await this.#deleteGhosts(state, state.key);
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
      default: {
        const { kind } = record as { kind?: unknown };
        throw new Blocked(
          `the spool holds a record of kind "${kind}", which a newer mlflow-js-client wrote: send it with that`,
        );
      }
    }
  }

  async #create(state: SentState, record: Extract<SpoolRecord, { kind: "create" }>): Promise<void> {
    const experimentId = await this.#experimentOf(record);
    for (const [key, value] of Object.entries(record.experimentTags ?? {}))
      await this.#client.setExperimentTag(experimentId, key, value).catch((error: Error) => {
        if (!isRefusal(error)) throw error;
        this.#options.reject({ experimentTag: { key, value } }, error.message);
      });
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
        throw new MlflowError(
          `the run that this one is nested in is not in experiment "${experiment}" yet`,
          0,
          "NO_PARENT",
        );
      tags[parentTag] = parent.info.run_id;
    }
    const { name, time: startTime, key } = record;
    const { info } = await this.#client.createRun({ experimentId, name, startTime, key, tags });
    Object.assign(state, { experimentId, key, startTime, runId: info.run_id, artifactUri: info.artifact_uri });
    if (info.lifecycle_stage === "deleted") await this.verify(state);
    if (info.status !== "RUNNING") return this.#setStatus(state, "RUNNING");
    state.status = "RUNNING";
    await this.#refreshParent(state);
  }

  async #deleteGhosts(state: SentState, key: string): Promise<void> {
    await deleteGhosts(this.#client, await runsOfKey(this.#client, state.experimentId!, key), state.runId!);
  }

  async #experimentOf(run: { experiment: string; experimentId?: string; experimentOfRun?: string }): Promise<string> {
    if (run.experimentId !== undefined) return run.experimentId;
    if (run.experimentOfRun !== undefined) return (await this.#runOf(run.experimentOfRun)).info.experiment_id;
    return (await this.#client.getOrCreateExperiment(run.experiment)).experiment_id;
  }

  async #runOf(runId: string): Promise<Run> {
    return this.#client.getRun(runId).catch((error: unknown) => {
      throw notFound(error) ? new Blocked(`there is no run ${runId} on the server`) : error;
    });
  }

  async #attach(state: SentState, runId: string): Promise<void> {
    const { info } = await this.#runOf(runId);
    const { experiment_id: experimentId, artifact_uri: artifactUri, start_time: startTime } = info;
    Object.assign(state, { experimentId, runId, artifactUri, startTime });
    if (info.lifecycle_stage === "deleted") await this.verify(state);
    if (info.status !== "RUNNING") await this.#setStatus(state, "RUNNING");
    state.status = "RUNNING";
  }

  async #setStatus(
    state: SentState,
    status: "RUNNING" | "FINISHED" | "FAILED" | "KILLED",
    time?: number,
  ): Promise<void> {
    // The clock may have been set back since the run began.
    const endTime = time === undefined ? undefined : Math.max(time, state.startTime ?? 0);
    try {
      await this.#client.updateRun(state.runId!, { status, endTime });
    } catch (error) {
      // Only a run that is not there, or was deleted, is refused its status.
      if (isRefusal(error)) await this.verify(state);
      throw error;
    }
    state.status = status;
    await this.#refreshParent(state);
  }

  async #refreshParent(state: SentState): Promise<void> {
    const { lockFolder } = this.#options;
    if (state.parentRunId === undefined) return;
    try {
      return await refreshParentStatus(this.#client, state.experimentId!, state.parentRunId, lockFolder);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    // The parent was deleted: by a person, or because another machine's stayed, which the run then names.
    const { data } = await this.#client.getRun(state.runId!);
    const parentRunId = data.tags?.find(({ key }) => key === parentTag)?.value;
    if (parentRunId === undefined || parentRunId === state.parentRunId) return;
    state.parentRunId = parentRunId;
    await refreshParentStatus(this.#client, state.experimentId!, parentRunId, lockFolder).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
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
    try {
      for (const { file, path: place } of files) await this.#upload(info.artifact_uri, file, place);
      await this.#client.logBatch(state.runId!, {
        metrics: metrics.map(({ key, value, time, step, dataset }) => ({
          ...{ key, value: Number(value), timestamp: time, step, model_id: info.model_id },
          ...(dataset && { dataset_name: dataset.name, dataset_digest: dataset.digest }),
        })),
      });
    } catch (error) {
      // Refused for good: it would stay pending for ever.
      if (error instanceof MlflowValidationError || isRefusal(error))
        await this.#client.finalizeLoggedModel(info.model_id, false);
      throw error;
    }
    await this.#client.finalizeLoggedModel(info.model_id, true);
    await this.#client.logOutputs(state.runId!, [{ modelId: info.model_id, step: model.step }]);
  }

  async #upload(artifactUri: string, file: string, place: string): Promise<void> {
    const full = path.resolve(this.#options.filesFolder, file);
    if (!existsSync(full)) throw new MlflowValidationError(`artefact "${file}"`, "the file is gone");
    await this.#client.artifacts.upload(artifactUri, place, full);
  }

  /** Logs a batch; of a batch that is refused, all but the refused values. */
  async #logOrSplit(state: SentState, batch: Batch): Promise<void> {
    if (size(batch) === 0) return;
    try {
      await this.#client.logBatch(state.runId!, batch);
    } catch (error) {
      await this.#throwUnlessRefused(state, error);
      if (size(batch) === 1) return this.#options.reject(theOnly(batch), (error as Error).message);
      for (const part of halves(batch)) await this.#logOrSplit(state, part);
    }
  }

  async #orReject(state: SentState, record: SpoolRecord, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      try {
        await this.#throwUnlessRefused(state, error);
      } catch (fault) {
        throw fault === error ? named(record, fault) : fault;
      }
      this.#options.reject(record, (error as Error).message);
    }
  }

  /** Passes when the value itself was refused, so that everything else can go on. */
  async #throwUnlessRefused(state: SentState, error: unknown): Promise<void> {
    if (error instanceof MlflowValidationError) return;
    if (!isRefusal(error)) throw error;
    await this.verify(state);
  }
}

/** The fault with the name of what everything behind it waits for. */
function named(record: SpoolRecord, fault: unknown): unknown {
  const what =
    record.kind === "artifact"
      ? `artefact "${record.path}"`
      : record.kind === "model"
        ? `model "${record.model.name}"`
        : undefined;
  if (what === undefined || !(fault instanceof MlflowError)) return fault;
  return new MlflowError(`${what}: ${fault.message}`, fault.status, fault.code, fault.retryAfterMs);
}
