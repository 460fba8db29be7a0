export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

export interface Metric {
  key: string;
  /** NaN and infinities are sent as MLflow writes them; the server keeps an infinity as 1.797e308. */
  value: number;
  /** Milliseconds since 1970, an integer. */
  timestamp: number;
  step: number;
}

export interface KeyValue {
  key: string;
  value: string;
}

export interface Experiment {
  experiment_id: string;
  name: string;
  artifact_location: string;
  lifecycle_stage: "active" | "deleted";
  tags?: KeyValue[];
}

export interface RunInfo {
  run_id: string;
  run_name?: string;
  experiment_id: string;
  status: RunStatus;
  start_time: number;
  end_time?: number;
  artifact_uri: string;
  lifecycle_stage: "active" | "deleted";
}

export interface DatasetInput {
  dataset: { name: string; digest: string; source_type: string; source: string; schema?: string; profile?: string };
  tags?: KeyValue[];
}

export interface Run {
  info: RunInfo;
  data: { metrics?: Metric[]; params?: KeyValue[]; tags?: KeyValue[] };
  inputs?: { dataset_inputs?: DatasetInput[] };
  outputs?: { model_outputs?: { model_id: string; step?: number }[] };
}

/** A data set to log as a run's input. */
export interface DatasetDescription {
  name: string;
  /** At most 36 characters. */
  digest: string;
  /** Where it came from, in words or as an address. */
  source: string;
  /** "local", "http", "hugging_face" ...; "local" where not said. */
  sourceType?: string;
  /** What it was used as ("train", "test" ...): the tag `mlflow.data.context`. */
  context?: string;
  schema?: Record<string, unknown>;
  profile?: Record<string, unknown>;
}

export interface FileInfo {
  path: string;
  is_dir: boolean;
  file_size?: number;
}

export interface LoggedModel {
  info: {
    model_id: string;
    experiment_id: string;
    name: string;
    artifact_uri: string;
    status: string;
    source_run_id?: string;
    model_type?: string;
    tags?: KeyValue[];
  };
  data?: { params?: KeyValue[]; metrics?: unknown[] };
}
