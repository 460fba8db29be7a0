import type { Connection } from "../environment.js";
import type { Scalar } from "./runTags.js";

/** How a run ends, in MLflow's words. */
export type RunEndStatus = "FINISHED" | "FAILED" | "KILLED";

export interface RunOptions {
  /** Made if there is none of that name. Else that of the parent, of `createMlflow`, or of the environment. */
  experiment?: string;
  experimentId?: string;
  /** The run's name; program and time unless given. */
  name?: string;
  /** Markdown, at the head of the run's page. */
  description?: string;
  tags?: Readonly<Record<string, Scalar>>;
  /** False: the run stands alone although another one is active. */
  nested?: boolean;
  /** A run on the server that this one is nested in. */
  parentRunId?: string;
  /** Goes on with that run instead of making one. */
  runId?: string;
  /** Logs the use of processor, memory, disk, network and GPU; off unless asked for here, in `createMlflow` or by `MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING`. */
  systemMetrics?: boolean;
}

export interface ResumeOptions {
  /** The run on the server. */
  runId?: string;
  /** The folder of the run's spool. */
  folder?: string;
  tags?: Readonly<Record<string, Scalar>>;
  description?: string;
  systemMetrics?: boolean;
}

export interface MlflowOptions {
  /** The tracking server's address; `MLFLOW_TRACKING_URI` unless given. Credentials are taken from the environment, or from the address. */
  trackingUri?: string;
  /** All of it, instead of address and environment. */
  connection?: Connection;
  /** The experiment of runs that name none; `MLFLOW_EXPERIMENT_NAME` or `_ID` unless given, else "Default". */
  experiment?: string;
  experimentId?: string;
  /** Where the folders of runs are; `MLFLOW_JS_SPOOL` unless given, else one per server in the user's state folder. */
  folder?: string;
  /**
   * "process" (unless given): from a process of its own, which outlives this one. "inline": from this process, between its
   * other work. "none": by `mlflow-js-client sync`, later.
   */
  sending?: "process" | "inline" | "none";
  /** Keeps the folders of runs that have arrived whole. */
  keep?: boolean;
  /** How long the end of this process may wait for the sending of what is left, in milliseconds; 10,000 unless given. */
  drainMs?: number;
  /** Of all runs, unless they say otherwise. */
  systemMetrics?: boolean;
  /** False: no tags of the Git revision. */
  git?: boolean;
  /** "throw" (unless given): a log method throws when the disk takes no more. "warn": it says so once, counts, and goes on. */
  whenDiskFails?: "throw" | "warn";
  /** Where notices for people go, one line each; to standard error unless given. */
  notify?: (message: string) => void;
  /** Variables to read instead of those of this process. */
  environment?: Record<string, string | undefined>;
}
