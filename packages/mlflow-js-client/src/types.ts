export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export type LifecycleStage = "active" | "deleted";

/** Which of active and deleted things a search shows. */
export type View = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface Metric {
  key: string;
  /** NaN and infinities are allowed. -0 is written as 0. */
  value: number;
  /** Milliseconds since 1970, an integer. */
  timestamp: number;
  step: number;
  /** The logged model that was measured (MLflow 3). */
  model_id?: string;
  /** The data set that it was measured on (MLflow 3). */
  dataset_name?: string;
  dataset_digest?: string;
}

export interface KeyValue {
  key: string;
  value: string;
}

export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: LifecycleStage;
  /** Milliseconds since 1970. */
  creation_time?: number;
  /** Milliseconds since 1970. */
  last_update_time?: number;
  tags: KeyValue[];
}

export interface RunInfo {
  run_id: string;
  run_name?: string;
  experiment_id: string;
  user_id?: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  start_time: number;
  /** Milliseconds since 1970; undefined as long as none was said. */
  end_time?: number;
  artifact_uri: string;
  lifecycle_stage: LifecycleStage;
}

export interface DatasetInput {
  dataset: { name: string; digest: string; source_type: string; source: string; schema?: string; profile?: string };
  tags: KeyValue[];
}

export interface Run {
  info: RunInfo;
  /** Of each metric the point with the highest step. */
  data: { metrics: Metric[]; params: KeyValue[]; tags: KeyValue[] };
  inputs: { dataset_inputs: DatasetInput[]; model_inputs: { model_id: string }[] };
  outputs: { model_outputs: { model_id: string; step: number }[] };
}

/** A data set to log as a run's input. */
export interface DatasetDescription {
  name: string;
  /** At most 36 characters. */
  digest: string;
  /** Where it came from, in words or as an address. */
  source: string;
  /** "local", "http", "hugging_face" ...; "http" for such an address and "local" else where not said. */
  sourceType?: string;
  /** What it was used as ("train", "test" ...): the tag `mlflow.data.context`. */
  context?: string;
  /** More tags of this use. */
  tags?: Record<string, string>;
  schema?: Record<string, unknown>;
  profile?: Record<string, unknown>;
}

export interface FileInfo {
  path: string;
  is_dir: boolean;
  file_size?: number;
}

export type LoggedModelStatus =
  | "LOGGED_MODEL_STATUS_UNSPECIFIED"
  | "LOGGED_MODEL_PENDING"
  | "LOGGED_MODEL_READY"
  | "LOGGED_MODEL_UPLOAD_FAILED";

export interface LoggedModel {
  info: {
    model_id: string;
    experiment_id: string;
    name: string;
    artifact_uri: string;
    status: LoggedModelStatus;
    status_message?: string;
    source_run_id?: string;
    model_type?: string;
    /** Milliseconds since 1970. */
    creation_timestamp_ms: number;
    /** Milliseconds since 1970. */
    last_updated_timestamp_ms: number;
    tags: KeyValue[];
  };
  data: { params: KeyValue[]; metrics: (Metric & { run_id?: string })[] };
}

export interface ModelVersion {
  name: string;
  version: number;
  /** Milliseconds since 1970. */
  creation_timestamp: number;
  /** Milliseconds since 1970. */
  last_updated_timestamp: number;
  /** Stages are MLflow's former way to mark versions; aliases took their place. */
  current_stage?: string;
  description?: string;
  /** Where the files are. */
  source: string;
  run_id?: string;
  run_link?: string;
  model_id?: string;
  status: string;
  status_message?: string;
  tags: KeyValue[];
  aliases: string[];
}

export interface RegisteredModel {
  name: string;
  /** Milliseconds since 1970. */
  creation_timestamp: number;
  /** Milliseconds since 1970. */
  last_updated_timestamp: number;
  description?: string;
  /** Of each stage the newest. */
  latest_versions: ModelVersion[];
  tags: KeyValue[];
  aliases: { alias: string; version: number }[];
}
