import { randomUUID } from "node:crypto";
import { and, attribute, filterText, orderTexts, tag } from "../filter.js";
import { limits } from "../limits.js";
import { refuse } from "../messages.js";
import type { ModelVersion } from "../types.js";
import { checkArtifactPath, checkId, checkKey, checkText } from "../validate.js";
import {
  checkAlias,
  checkDescription,
  checkRegisteredModelName,
  checkVersion,
  checkVersionTag,
} from "../validateModels.js";
import { modelVersionFrom } from "./answers.js";
import { collected } from "./endpoints.js";
import { keyValues } from "./keyValues.js";
import { RegisteredModelEndpoints, type RegistrySearch } from "./registeredModels.js";
import { creationKeyTag } from "./runs.js";

/** Where the files of a version are: a logged model, a folder of a run's artefacts, or an address. */
export type VersionSource =
  | { modelId: string }
  | { runId: string; path: string }
  /** An address that the server can read; `runId` only says where it came from. */
  | { source: string; runId?: string };

/** Versions of registered models: `/model-versions/...`. */
export abstract class ModelVersionEndpoints extends RegisteredModelEndpoints {
  /**
   * Makes a version of the registered model `name`, or gives the one that was made with the same `key`
   * (`model-versions/create`).
   */
  async createModelVersion(
    name: string,
    from: VersionSource,
    options: { description?: string; tags?: Record<string, string>; runLink?: string; key?: string } = {},
  ): Promise<ModelVersion> {
    checkRegisteredModelName(name);
    const { description, runLink } = options;
    if (description !== undefined) checkDescription(description);
    if (runLink !== undefined) checkText("link of the run", runLink, limits.versionSourceCharacters, 1);
    const key = options.key ?? randomUUID();
    const tags = keyValues({ ...options.tags, [creationKeyTag]: key });
    for (const one of tags) checkVersionTag(one);
    const place = await this.#placeOf(from);
    checkText("source of a version", place.source, limits.versionSourceCharacters, 1);
    const body = { name, ...place, description, run_link: runLink, tags };
    return await this.madeOnce(
      async (attempt) => {
        // A key that was drawn just now has not been used.
        if (attempt === 1 && options.key === undefined) return undefined;
        const filter = and(attribute("name").eq(name), tag(creationKeyTag).eq(key));
        return (await this.searchModelVersions({ filter, orderBy: [attribute("version_number").asc()] }))[0];
      },
      async () => modelVersionFrom((await this.postOnce("model-versions/create", body)).model_version),
    );
  }

  /**
   * A version by its number (`model-versions/get`).
   * @throws MlflowError with the code "RESOURCE_DOES_NOT_EXIST"
   */
  async getModelVersion(name: string, version: number): Promise<ModelVersion> {
    const answer = await this.get("model-versions/get", versionKey(name, version));
    return modelVersionFrom(answer.model_version);
  }

  /**
   * The version that an alias points at (`GET registered-models/alias`).
   * @throws MlflowError if there is no such alias
   */
  async getModelVersionByAlias(name: string, alias: string): Promise<ModelVersion> {
    checkRegisteredModelName(name);
    checkAlias(alias, false);
    return modelVersionFrom((await this.get("registered-models/alias", { name, alias })).model_version);
  }

  /** The version with the highest number; undefined when there is none (`model-versions/search`). */
  async latestModelVersion(name: string): Promise<ModelVersion | undefined> {
    checkRegisteredModelName(name);
    const filter = attribute("name").eq(name);
    const orderBy = [attribute("version_number").desc()];
    return (await this.searchModelVersions({ filter, orderBy, maximum: 1 }))[0];
  }

  /** Changes the description, at most 5,000 characters (`model-versions/update`). */
  async updateModelVersion(name: string, version: number, change: { description: string }): Promise<ModelVersion> {
    checkDescription(change.description);
    const body = { ...versionKey(name, version), description: change.description };
    return modelVersionFrom((await this.send("PATCH", "model-versions/update", body)).model_version);
  }

  /** Deletes a version and its aliases for good; its number is not used again (`model-versions/delete`). */
  async deleteModelVersion(name: string, version: number): Promise<void> {
    await this.takenAway("DELETE", "model-versions/delete", versionKey(name, version));
  }

  /** All versions that match (`model-versions/search`). */
  searchModelVersions(search: RegistrySearch = {}): Promise<ModelVersion[]> {
    return collected(this.iterateModelVersions(search));
  }

  /** As `searchModelVersions`, page by page. */
  iterateModelVersions(search: RegistrySearch = {}): AsyncGenerator<ModelVersion, void, void> {
    const query = {
      filter: filterText(search.filter, "modelVersions"),
      order_by: orderTexts(search.orderBy, "modelVersions"),
    };
    return this.pages(search.maximum, 1000, async (max_results, page_token) => {
      const page = await this.get("model-versions/search", { ...query, max_results, page_token });
      return {
        items: ((page.model_versions ?? []) as unknown[]).map(modelVersionFrom),
        next: page.next_page_token as string | undefined,
      };
    });
  }

  /** Sets a tag, at most 65,535 bytes (`model-versions/set-tag`). */
  async setModelVersionTag(name: string, version: number, key: string, value: string): Promise<void> {
    checkVersionTag({ key, value });
    await this.post("model-versions/set-tag", { ...versionKey(name, version), key, value });
  }

  /** Takes a tag away (`model-versions/delete-tag`). */
  async deleteModelVersionTag(name: string, version: number, key: string): Promise<void> {
    checkKey("tag", key);
    await this.takenAway("DELETE", "model-versions/delete-tag", { ...versionKey(name, version), key });
  }

  /** The address from which the files of a version can be had (`model-versions/get-download-uri`). */
  async getModelVersionDownloadUri(name: string, version: number): Promise<string> {
    return (await this.get("model-versions/get-download-uri", versionKey(name, version))).artifact_uri as string;
  }

  /**
   * Always refused: MLflow has given up stages since 2.9.
   * @deprecated `setRegisteredModelAlias` says which version is in use
   */
  async transitionModelVersionStage(_name: string, _version: number, stage: string): Promise<never> {
    return refuse(
      "stage of a version",
      `stages are deprecated since MLflow 2.9: point an alias at the version instead, such as setRegisteredModelAlias(name, "${/^production$/i.test(stage) ? "champion" : "challenger"}", version)`,
    );
  }

  async #placeOf(from: VersionSource): Promise<{ source: string; run_id?: string; model_id?: string }> {
    if ("modelId" in from) {
      const { info } = await this.getLoggedModel(from.modelId);
      return { source: `models:/${from.modelId}`, run_id: info.source_run_id, model_id: from.modelId };
    }
    if (from.runId !== undefined) checkId("run", from.runId);
    if ("source" in from) return { source: from.source, run_id: from.runId };
    checkArtifactPath(from.path);
    const { info } = await this.getRun(from.runId);
    return { source: `${info.artifact_uri}/${from.path}`, run_id: from.runId };
  }
}

/** The server writes a version's number as text. */
function versionKey(name: string, version: number): { name: string; version: string } {
  checkRegisteredModelName(name);
  checkVersion(version);
  return { name, version: String(version) };
}
