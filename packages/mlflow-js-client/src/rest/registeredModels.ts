import { randomUUID } from "node:crypto";
import { type Filter, filterText, type Ordering, orderTexts } from "../filter.js";
import type { RegisteredModel } from "../types.js";
import { checkKey } from "../validate.js";
import {
  checkAlias,
  checkDescription,
  checkRegisteredModelName,
  checkRegisteredModelTag,
  checkVersion,
} from "../validateModels.js";
import { registeredModelFrom } from "./answers.js";
import { collected, creationKeyTag, isMadeWith } from "./endpoints.js";
import { keyValues } from "./keyValues.js";
import { LoggedModelEndpoints } from "./loggedModels.js";

export interface RegistrySearch {
  /** `tag`, and `attribute` "name" (of versions also "run_id", "source_path", "version_number"); or a text in MLflow's language. */
  filter?: Filter | string;
  orderBy?: readonly (Ordering | string)[];
  /** At most so many; all unless given. */
  maximum?: number;
}

/** Registered models and their aliases: `/registered-models/...`. */
export abstract class RegisteredModelEndpoints extends LoggedModelEndpoints {
  /**
   * Makes a registered model (`registered-models/create`).
   * @throws MlflowError with the code "RESOURCE_ALREADY_EXISTS" if there is one of that name
   */
  async createRegisteredModel(
    name: string,
    options: { description?: string; tags?: Record<string, string> } = {},
  ): Promise<RegisteredModel> {
    checkRegisteredModelName(name);
    const { description } = options;
    if (description !== undefined) checkDescription(description);
    const key = randomUUID();
    const tags = keyValues({ ...options.tags, [creationKeyTag]: key });
    for (const tag of tags) checkRegisteredModelTag(tag);
    return await this.madeOnce(
      // One of that name may be somebody else's: the server then refuses ours.
      async (attempt) => {
        const found = attempt === 1 ? undefined : await this.findRegisteredModel(name);
        return found && isMadeWith(key, found.tags) ? found : undefined;
      },
      async () => {
        const answer = await this.postOnce("registered-models/create", { name, description, tags });
        return registeredModelFrom(answer.registered_model);
      },
    );
  }

  /**
   * The registered model of that name (`registered-models/get`).
   * @throws MlflowError with the code "RESOURCE_DOES_NOT_EXIST"
   */
  async getRegisteredModel(name: string): Promise<RegisteredModel> {
    checkRegisteredModelName(name);
    return registeredModelFrom((await this.get("registered-models/get", { name })).registered_model);
  }

  /** As `getRegisteredModel`; undefined when there is none. */
  findRegisteredModel(name: string): Promise<RegisteredModel | undefined> {
    return this.ifThere(() => this.getRegisteredModel(name));
  }

  /** Gives a registered model and its versions another name (`registered-models/rename`). */
  async renameRegisteredModel(name: string, newName: string): Promise<RegisteredModel> {
    checkRegisteredModelName(name);
    checkRegisteredModelName(newName);
    const answer = await this.takenAway("POST", "registered-models/rename", { name, new_name: newName });
    return answer === undefined ? await this.getRegisteredModel(newName) : registeredModelFrom(answer.registered_model);
  }

  /** Changes the description, at most 5,000 characters (`registered-models/update`). */
  async updateRegisteredModel(name: string, change: { description: string }): Promise<RegisteredModel> {
    checkRegisteredModelName(name);
    checkDescription(change.description);
    const body = { name, description: change.description };
    return registeredModelFrom((await this.send("PATCH", "registered-models/update", body)).registered_model);
  }

  /** Deletes a registered model and its versions for good (`registered-models/delete`). */
  async deleteRegisteredModel(name: string): Promise<void> {
    checkRegisteredModelName(name);
    await this.takenAway("DELETE", "registered-models/delete", { name });
  }

  /** All registered models that match (`registered-models/search`), by name unless ordered. */
  searchRegisteredModels(search: RegistrySearch = {}): Promise<RegisteredModel[]> {
    return collected(this.iterateRegisteredModels(search));
  }

  /** As `searchRegisteredModels`, page by page. */
  iterateRegisteredModels(search: RegistrySearch = {}): AsyncGenerator<RegisteredModel, void, void> {
    const query = {
      filter: filterText(search.filter, "registeredModels"),
      order_by: orderTexts(search.orderBy, "registeredModels"),
    };
    return this.pages(search.maximum, 1000, async (max_results, page_token) => {
      const page = await this.get("registered-models/search", { ...query, max_results, page_token });
      return {
        items: ((page.registered_models ?? []) as unknown[]).map(registeredModelFrom),
        next: page.next_page_token as string | undefined,
      };
    });
  }

  /** Sets a tag, at most 5,000 characters (`registered-models/set-tag`). */
  async setRegisteredModelTag(name: string, key: string, value: string): Promise<void> {
    checkRegisteredModelName(name);
    checkRegisteredModelTag({ key, value });
    await this.post("registered-models/set-tag", { name, key, value });
  }

  /** Takes a tag away (`registered-models/delete-tag`). */
  async deleteRegisteredModelTag(name: string, key: string): Promise<void> {
    checkRegisteredModelName(name);
    checkKey("tag", key);
    await this.takenAway("DELETE", "registered-models/delete-tag", { name, key });
  }

  /** Points an alias, such as "champion", at a version; it leaves the version that it pointed at (`registered-models/alias`). */
  async setRegisteredModelAlias(name: string, alias: string, version: number): Promise<void> {
    checkRegisteredModelName(name);
    checkAlias(alias, true);
    checkVersion(version);
    await this.post("registered-models/alias", { name, alias, version: String(version) });
  }

  /** Takes an alias away; the version stays (`DELETE registered-models/alias`). */
  async deleteRegisteredModelAlias(name: string, alias: string): Promise<void> {
    checkRegisteredModelName(name);
    checkAlias(alias, true);
    await this.takenAway("DELETE", "registered-models/alias", { name, alias });
  }
}
