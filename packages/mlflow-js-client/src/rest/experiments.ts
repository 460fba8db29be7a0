import { randomUUID } from "node:crypto";
import { MlflowError } from "../errors.js";
import { type Filter, filterText, type Ordering, orderTexts } from "../filter.js";
import { limits } from "../limits.js";
import type { Experiment, View } from "../types.js";
import { checkExperimentName, checkExperimentTag, checkId, checkKey, checkText } from "../validate.js";
import { experimentFrom, textFrom } from "./answers.js";
import { collected, creationKeyTag, Endpoints, isMadeWith } from "./endpoints.js";
import { keyValues } from "./keyValues.js";

export interface ExperimentSearch {
  /** `tag`, and `attribute` "name", "experiment_id", "creation_time", "last_update_time"; or a text in MLflow's language. */
  filter?: Filter | string;
  orderBy?: readonly (Ordering | string)[];
  /** "ACTIVE_ONLY" unless given. */
  view?: View;
  /** At most so many; all unless given. */
  maximum?: number;
}

/** Experiments: `/experiments/...`. */
export abstract class ExperimentEndpoints extends Endpoints {
  /**
   * Makes an experiment (`experiments/create`). `artifactLocation` is an address; the server's own unless given.
   * @throws MlflowError with the code "RESOURCE_ALREADY_EXISTS" if there is one of that name, deleted ones included
   */
  async createExperiment(
    name: string,
    options: { artifactLocation?: string; tags?: Record<string, string> } = {},
  ): Promise<Experiment> {
    checkExperimentName(name);
    const { artifactLocation } = options;
    if (artifactLocation !== undefined)
      checkText("artifact location", artifactLocation, limits.artifactLocationCharacters, 1);
    const key = randomUUID();
    const tags = keyValues({ ...options.tags, [creationKeyTag]: key });
    for (const tag of tags) checkExperimentTag(tag);
    return await this.madeOnce(
      // One of that name may be somebody else's: the server then refuses ours.
      async (attempt) => {
        const found = attempt === 1 ? undefined : await this.findExperiment(name);
        return found && isMadeWith(key, found.tags) ? found : undefined;
      },
      async () => {
        const body = { name, artifact_location: artifactLocation, tags };
        const answer = await this.postOnce("experiments/create", body);
        return await this.getExperiment(textFrom(answer, "experiment_id"));
      },
    );
  }

  /**
   * The experiment with that id, deleted ones included (`experiments/get`).
   * @throws MlflowError with the code "RESOURCE_DOES_NOT_EXIST"
   */
  async getExperiment(experimentId: string): Promise<Experiment> {
    checkId("experiment", experimentId);
    return experimentFrom((await this.get("experiments/get", { experiment_id: experimentId })).experiment);
  }

  /**
   * The experiment of that name, deleted ones included; undefined when there is none (`experiments/get-by-name`,
   * `get_experiment_by_name` in Python).
   */
  async findExperiment(name: string): Promise<Experiment | undefined> {
    checkExperimentName(name);
    return await this.ifThere(async () =>
      experimentFrom((await this.get("experiments/get-by-name", { experiment_name: name })).experiment),
    );
  }

  /**
   * The experiment of that name, made if there is none.
   * @throws MlflowError with the code "EXPERIMENT_DELETED", and what to do, if it was deleted
   */
  async getOrCreateExperiment(name: string): Promise<Experiment> {
    let experiment = await this.findExperiment(name);
    if (experiment === undefined)
      try {
        experiment = await this.createExperiment(name);
      } catch (error) {
        // Another process was faster.
        if (!(error instanceof MlflowError) || error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
        experiment = await this.findExperiment(name);
        if (experiment === undefined) throw error;
      }
    if (experiment.lifecycle_stage === "deleted")
      throw new MlflowError(
        `experiment "${name}" was deleted and keeps its name: restore it (\`mlflow experiments restore -x ${experiment.experiment_id}\`) or use another name`,
        400,
        "EXPERIMENT_DELETED",
      );
    return experiment;
  }

  /** Gives an experiment another name (`experiments/update`). */
  async renameExperiment(experimentId: string, name: string): Promise<void> {
    checkId("experiment", experimentId);
    checkExperimentName(name);
    await this.post("experiments/update", { experiment_id: experimentId, new_name: name });
  }

  /** Marks an experiment and its runs as deleted (`experiments/delete`). It keeps its name and can be restored. */
  async deleteExperiment(experimentId: string): Promise<void> {
    checkId("experiment", experimentId);
    await this.takenAway("POST", "experiments/delete", { experiment_id: experimentId });
  }

  /** Takes back `deleteExperiment` (`experiments/restore`); runs that had been deleted before come back too. */
  async restoreExperiment(experimentId: string): Promise<void> {
    checkId("experiment", experimentId);
    await this.takenAway("POST", "experiments/restore", { experiment_id: experimentId });
  }

  /** Sets a tag, at most 20,000 characters (`experiments/set-experiment-tag`). */
  async setExperimentTag(experimentId: string, key: string, value: string): Promise<void> {
    checkId("experiment", experimentId);
    checkExperimentTag({ key, value });
    await this.post("experiments/set-experiment-tag", { experiment_id: experimentId, key, value });
  }

  /**
   * Takes a tag away (`experiments/delete-experiment-tag`).
   * @throws MlflowError if there is no such tag, and on servers that cannot
   */
  async deleteExperimentTag(experimentId: string, key: string): Promise<void> {
    checkId("experiment", experimentId);
    checkKey("tag", key);
    const body = { experiment_id: experimentId, key };
    await this.since("3.2", "deletions of experiments' tags", () =>
      this.takenAway("POST", "experiments/delete-experiment-tag", body),
    );
  }

  /** All experiments that match (`experiments/search`), the newest first unless ordered. */
  searchExperiments(search: ExperimentSearch = {}): Promise<Experiment[]> {
    return collected(this.iterateExperiments(search));
  }

  /** As `searchExperiments`, page by page. */
  iterateExperiments(search: ExperimentSearch = {}): AsyncGenerator<Experiment, void, void> {
    const body = {
      filter: filterText(search.filter, "experiments"),
      order_by: orderTexts(search.orderBy, "experiments"),
      view_type: search.view ?? "ACTIVE_ONLY",
    };
    return this.pages(search.maximum, 1000, async (max_results, page_token) => {
      const page = await this.post("experiments/search", { ...body, max_results, page_token });
      return {
        items: ((page.experiments ?? []) as unknown[]).map(experimentFrom),
        next: page.next_page_token as string | undefined,
      };
    });
  }
}
