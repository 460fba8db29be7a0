import { randomUUID } from "node:crypto";
import { type Filter, filterText, tag } from "../filter.js";
import { limits } from "../limits.js";
import { refuse, shown } from "../messages.js";
import type { KeyValue, LoggedModel } from "../types.js";
import { checkId, checkKey, checkParameter, checkTag, checkText } from "../validate.js";
import { checkLoggedModelName } from "../validateModels.js";
import { loggedModelFrom } from "./answers.js";
import { collected } from "./endpoints.js";
import { keyValues } from "./keyValues.js";
import { LoggingEndpoints } from "./logging.js";
import { creationKeyTag } from "./runs.js";

const since = "3.0";
const what = "logged models";

export interface LoggedModelSearch {
  experimentIds: readonly string[];
  /** `metric`, `param`, `tag`, and `attribute` "name", "model_id", "source_run_id" ...; or a text in MLflow's language. */
  filter?: Filter | string;
  /** By an attribute, or by a metric as "metrics.KEY", where wanted of one data set; ascending unless said otherwise. */
  orderBy?: readonly { field: string; ascending?: boolean; datasetName?: string; datasetDigest?: string }[];
  /** Only models that were measured on one of these. */
  datasets?: readonly { name: string; digest?: string }[];
  /** At most so many; all unless given. */
  maximum?: number;
}

/** Logged models (MLflow 3): `/logged-models/...`. On older servers the methods throw `MlflowError`, "NOT_SUPPORTED". */
export abstract class LoggedModelEndpoints extends LoggingEndpoints {
  /**
   * Makes a logged model, or gives the one that was made with the same `key` (`logged-models`). It is pending until
   * finalised; its files go below `info.artifact_uri`.
   */
  async createLoggedModel(model: {
    experimentId: string;
    name: string;
    sourceRunId?: string;
    type?: string;
    params?: Record<string, string>;
    tags?: Record<string, string>;
    key?: string;
  }): Promise<LoggedModel> {
    checkId("experiment", model.experimentId);
    checkLoggedModelName(model.name);
    if (model.sourceRunId !== undefined) checkId("run", model.sourceRunId);
    if (model.type !== undefined) checkText("logged model type", model.type, limits.loggedModelTypeCharacters, 1);
    const key = model.key ?? randomUUID();
    const params = keyValues(model.params);
    const tags = keyValues({ ...model.tags, [creationKeyTag]: key });
    for (const parameter of params) checkParameter(parameter);
    for (const one of tags) checkTag(one);
    const body = {
      experiment_id: model.experimentId,
      name: model.name,
      source_run_id: model.sourceRunId,
      model_type: model.type,
      params: params.slice(0, limits.parametersPerBatch),
      tags,
    };
    const made = await this.madeOnce(
      async (attempt) => {
        // A key that was drawn just now has not been used.
        if (attempt === 1 && model.key === undefined) return undefined;
        const search = { experimentIds: [model.experimentId], filter: tag(creationKeyTag).eq(key), maximum: 1 };
        return (await this.searchLoggedModels(search))[0];
      },
      async () => {
        const answer = await this.since(since, what, () => this.postOnce("logged-models", body));
        return loggedModelFrom(answer.model);
      },
    );
    // Those that did not fit into the first request, and those that an earlier process did not come to.
    const there = new Set(made.data.params.map((param) => param.key));
    const missing = params.filter((param) => !there.has(param.key));
    if (missing.length === 0) return made;
    await this.#logParams(made.info.model_id, missing);
    return await this.getLoggedModel(made.info.model_id);
  }

  /**
   * A logged model (`GET logged-models/{id}`).
   * @throws MlflowError with the code "RESOURCE_DOES_NOT_EXIST", for a deleted one too
   */
  async getLoggedModel(modelId: string): Promise<LoggedModel> {
    const path = modelPath(modelId);
    return loggedModelFrom((await this.since(since, what, () => this.get(path))).model);
  }

  /** All logged models that match (`logged-models/search`), the newest first unless ordered. */
  searchLoggedModels(search: LoggedModelSearch): Promise<LoggedModel[]> {
    return collected(this.iterateLoggedModels(search));
  }

  /** As `searchLoggedModels`, page by page. */
  iterateLoggedModels(search: LoggedModelSearch): AsyncGenerator<LoggedModel, void, void> {
    for (const id of search.experimentIds) checkId("experiment", id);
    const body = {
      experiment_ids: search.experimentIds,
      filter: filterText(search.filter, "loggedModels"),
      order_by: search.orderBy?.map(({ field, ascending, datasetName, datasetDigest }) => ({
        field_name: field,
        ascending: ascending ?? true,
        dataset_name: datasetName,
        dataset_digest: datasetDigest,
      })),
      datasets: search.datasets?.map(({ name, digest }) => ({ dataset_name: name, dataset_digest: digest })),
    };
    return this.pages(search.maximum, 100, async (max_results, page_token) => {
      const page = await this.since(since, what, () =>
        this.post("logged-models/search", { ...body, max_results, page_token }),
      );
      return {
        items: ((page.models ?? []) as unknown[]).map(loggedModelFrom),
        next: page.next_page_token as string | undefined,
      };
    });
  }

  /**
   * Marks a logged model as complete or failed (`PATCH logged-models/{id}`) and, where a run is named, as that run's
   * output.
   */
  async finalizeLoggedModel(modelId: string, ready: boolean, runId?: string): Promise<void> {
    const path = modelPath(modelId);
    const status = ready ? "LOGGED_MODEL_READY" : "LOGGED_MODEL_UPLOAD_FAILED";
    await this.since(since, what, () => this.send("PATCH", path, { model_id: modelId, status }));
    if (runId !== undefined) await this.logOutputs(runId, [{ modelId }]);
  }

  /** Marks logged models as outputs of a run, at a step, 0 unless given (`runs/outputs`). Those that are, stay as they are. */
  async logOutputs(runId: string, models: readonly { modelId: string; step?: number }[]): Promise<void> {
    checkId("run", runId);
    for (const { modelId, step = 0 } of models) {
      checkId("logged model", modelId);
      if (!Number.isSafeInteger(step)) refuse(`output model ${modelId}`, `step ${shown(step)} must be an integer`);
    }
    // The server refuses an output that is there, so each is looked for before it is sent, a lost answer included.
    await this.madeOnce<true>(
      async () => ((await this.#outputsToCome(runId, models)).length === 0 ? true : undefined),
      async () => {
        const wire = (await this.#outputsToCome(runId, models)).map(({ modelId, step = 0 }) => ({
          model_id: modelId,
          step,
        }));
        await this.since(since, what, () => this.postOnce("runs/outputs", { run_id: runId, models: wire }));
        return true;
      },
    );
  }

  /** Logs parameters of a logged model (`logged-models/{id}/params`). Those that it has with the same value stay. */
  async logLoggedModelParams(modelId: string, params: Record<string, string>): Promise<void> {
    const all = keyValues(params);
    for (const param of all) checkParameter(param);
    await this.#logParams(modelId, all);
  }

  /** Sets tags of a logged model (`PATCH logged-models/{id}/tags`). */
  async setLoggedModelTags(modelId: string, tags: Record<string, string>): Promise<void> {
    const path = `${modelPath(modelId)}/tags`;
    const all = keyValues(tags);
    for (const one of all) checkTag(one);
    await this.since(since, what, () => this.send("PATCH", path, { model_id: modelId, tags: all }));
  }

  /**
   * Takes a tag away (`DELETE logged-models/{id}/tags/{key}`).
   * @throws MlflowValidationError for a key with "/": the server's addresses have no place for it
   */
  async deleteLoggedModelTag(modelId: string, key: string): Promise<void> {
    checkKey("tag", key);
    if (key.includes("/"))
      refuse(`tag ${shown(key)}`, 'the server cannot take away a tag of a logged model whose name holds "/"');
    const path = `${modelPath(modelId)}/tags/${encodeURIComponent(key)}`;
    await this.since(since, what, () => this.takenAway("DELETE", path, {}));
  }

  /** Marks a logged model as deleted (`DELETE logged-models/{id}`). */
  async deleteLoggedModel(modelId: string): Promise<void> {
    const path = modelPath(modelId);
    await this.since(since, what, () => this.takenAway("DELETE", path, {}));
  }

  /** The server adds parameters, and fails at one that is there: so what is there is left out. */
  async #logParams(modelId: string, params: readonly KeyValue[]): Promise<void> {
    const path = `${modelPath(modelId)}/params`;
    const missing = async (): Promise<KeyValue[]> => {
      const there = new Map((await this.getLoggedModel(modelId)).data.params.map(({ key, value }) => [key, value]));
      for (const { key, value } of params)
        if (there.has(key) && there.get(key) !== value)
          refuse(
            `parameter ${shown(key)}`,
            `logged model ${modelId} has it with the value ${shown(there.get(key))}, not ${shown(value)}: it cannot be changed`,
          );
      return params.filter(({ key }) => !there.has(key));
    };
    for (let left = await missing(); left.length > 0; left = await missing()) {
      const some = left.slice(0, limits.parametersPerBatch);
      await this.madeOnce<unknown>(
        async (attempt) => (attempt > 1 && (await missing()).length < left.length ? true : undefined),
        () => this.postOnce(path, { model_id: modelId, params: some }),
      );
    }
  }

  async #outputsToCome<T extends { modelId: string }>(runId: string, models: readonly T[]): Promise<T[]> {
    const there = new Set((await this.getRun(runId)).outputs.model_outputs.map((output) => output.model_id));
    return models.filter(({ modelId }) => !there.has(modelId));
  }
}

function modelPath(modelId: string): string {
  checkId("logged model", modelId);
  return `logged-models/${encodeURIComponent(modelId)}`;
}
