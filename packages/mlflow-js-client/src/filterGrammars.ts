/** What can be searched. Each has a grammar of its own in `mlflow/utils/search_utils.py` and `search_logged_model_utils.py`. */
export type Searched = "runs" | "experiments" | "registeredModels" | "modelVersions" | "loggedModels";

export interface Grammar {
  name: string;
  kinds: ReadonlySet<string>;
  /** Attributes that are texts. */
  texts: ReadonlySet<string>;
  /** Attributes that are whole numbers. */
  numbers: ReadonlySet<string>;
  /** Attributes, and kinds, by which can be ordered. */
  ordered: ReadonlySet<string>;
  /** What takes IN and NOT IN. */
  lists: (kind: string, key: string) => boolean;
  listedNames: string;
  /** Kinds that take IS NULL and IS NOT NULL. */
  nulls: ReadonlySet<string>;
  /** Whether a text in double quotes is misread. */
  onlySingleQuotes?: boolean;
  /** Attributes that the parser lets pass and the database then compares wrongly. */
  never?: Record<string, string>;
}

const none: ReadonlySet<string> = new Set();

/** As MLflow 3.17 has them. */
export const grammars: Record<Searched, Grammar> = {
  runs: {
    name: "runs",
    kinds: new Set(["metric", "param", "tag", "attribute", "dataset"]),
    texts: new Set(["run_id", "run_name", "status", "user_id", "artifact_uri"]),
    numbers: new Set(["start_time", "end_time"]),
    ordered: new Set([
      ...["metric", "param", "tag"],
      ...["run_id", "run_name", "status", "user_id", "artifact_uri", "start_time", "end_time"],
    ]),
    lists: (kind, key) => kind === "dataset" || (kind === "attribute" && key === "run_id"),
    listedNames: 'attribute "run_id" and datasets',
    nulls: new Set(["tag", "param"]),
  },
  experiments: {
    name: "experiments",
    kinds: new Set(["tag", "attribute"]),
    texts: new Set(["name", "experiment_id"]),
    numbers: new Set(["creation_time", "last_update_time"]),
    ordered: new Set(["name", "experiment_id", "creation_time", "last_update_time"]),
    lists: (kind, key) => kind === "attribute" && key === "experiment_id",
    listedNames: 'attribute "experiment_id"',
    nulls: new Set(["tag"]),
  },
  registeredModels: {
    name: "registered models",
    kinds: new Set(["tag", "attribute"]),
    texts: new Set(["name"]),
    numbers: none,
    ordered: new Set(["name", "last_updated_timestamp"]),
    lists: (kind, key) => kind === "attribute" && key === "name",
    listedNames: 'attribute "name"',
    nulls: none,
  },
  modelVersions: {
    name: "versions",
    kinds: new Set(["tag", "attribute"]),
    texts: new Set(["name", "run_id", "source_path"]),
    numbers: new Set(["version_number"]),
    ordered: new Set(["name", "version_number", "creation_timestamp", "last_updated_timestamp"]),
    lists: (kind, key) => kind === "attribute" && (key === "name" || key === "run_id"),
    listedNames: 'attributes "name" and "run_id"',
    nulls: none,
  },
  loggedModels: {
    name: "logged models",
    kinds: new Set(["metric", "param", "tag", "attribute"]),
    texts: new Set(["name", "model_id", "model_type", "source_run_id"]),
    numbers: new Set(["creation_timestamp", "last_updated_timestamp"]),
    ordered: none,
    lists: (kind, key) => kind !== "metric" && !["creation_timestamp", "last_updated_timestamp"].includes(key),
    listedNames: "texts",
    nulls: none,
    onlySingleQuotes: true,
    never: {
      status: "the server keeps it as a number and compares it with words: look at info.status of what is found",
    },
  },
};
