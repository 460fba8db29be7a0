import type { DatasetDescription } from "./types.js";

/** A number as JSON can hold it: NaN, infinities and negative zero are words. */
export type SpooledNumber = number | "NaN" | "Infinity" | "-Infinity" | "-0";

/** The run that others are grouped under: found by `key`, made once. */
export interface ParentRun {
  key: string;
  name: string;
  tags?: Record<string, string>;
}

/** A model to log beside a run: files below the run's folder, and where each stands in the model. */
export interface SpooledModel {
  key: string;
  name: string;
  type?: string;
  params?: Record<string, string>;
  tags?: Record<string, string>;
  files: { file: string; path: string }[];
  /** The step of the run that the model is of; 0 unless given. */
  step?: number;
  /** What was measured with the model, on which data set. The run gets the same points. */
  metrics?: SpooledModelMetric[];
}

/** A number measured with a model; `time` in milliseconds since 1970. */
export interface SpooledModelMetric {
  key: string;
  value: SpooledNumber;
  time: number;
  step: number;
  dataset?: { name: string; digest: string };
}

/** One line of a spool. `time` is in milliseconds since 1970; `file` is relative to the run's folder, with "/", or absolute. */
export type SpoolRecord =
  | {
      kind: "create";
      time: number;
      key: string;
      /** Made if there is none of that name; not looked at where `experimentId` is given. */
      experiment: string;
      experimentId?: string;
      /** The run is made in the experiment of that run of the server; `experiment` says nothing then. */
      experimentOfRun?: string;
      name: string;
      tags: Record<string, string>;
      parent?: ParentRun;
      /** Set on the experiment. */
      experimentTags?: Record<string, string>;
      /** A run that this one is nested in and that another spool makes: this one waits for it. */
      parentRun?: { key: string; experiment: string; experimentId?: string; experimentOfRun?: string };
    }
  /** In the place of `create`: the run is on the server and was not made from a spool of this machine. */
  | { kind: "attach"; time: number; runId: string; experimentId?: string }
  | { kind: "resume"; time: number }
  | { kind: "metrics"; time: number; step: number; values: Record<string, SpooledNumber> }
  | { kind: "params"; values: Record<string, string> }
  | { kind: "tags"; values: Record<string, string> }
  /** Tags of the run that this one stands under: the one of `parent`. */
  | { kind: "parentTags"; values: Record<string, string> }
  | { kind: "dataset"; dataset: DatasetDescription }
  | { kind: "artifact"; file: string; path: string }
  | { kind: "model"; model: SpooledModel }
  | { kind: "end"; time: number; status: "FINISHED" | "FAILED" | "KILLED" };

/** The number as a spool holds it. */
export function spooled(value: number): SpooledNumber {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : (String(value) as SpooledNumber);
}
