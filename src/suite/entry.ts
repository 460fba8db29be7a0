import type { Protocol } from "../datasets/split.js";
import type { Preset, Profile } from "../papers/paper.js";

/**
 * The type of a file in `experiments/`: one printed table or figure, as data. Nothing in such a file is computed.
 */
export interface ExperimentEntry {
  /** Such as "supcon-sprs/table3": the folder's name and the file's. */
  id: string;
  paper: string;
  /**
   * What it is: rows trained to be compared ("ablation", "comparison" with literature constants among them, "result" of one model), a
   * table counted from annotations ("dataset"), a picture ("figure"), a search of settings, or a floor of our own without print.
   */
  kind: "ablation" | "comparison" | "result" | "dataset" | "figure" | "search" | "baseline";
  title: string;
  citation: string;
  /** What differs between the rows. */
  vary: string;
  /** What the printed numbers are, such as "Score on the final test set". */
  metric: string;
  /** The test set of the printed numbers; a run without it is not comparable. */
  testSet: string;
  /** What a run can be asked for by `--task`, such as "11" or "4-class"; empty where nothing is trained. */
  tasks: readonly string[];
  /** What a run can be asked for by `--fold`; absent where there are none. */
  folds?: readonly string[];
  protocols: readonly Protocol[];
  presets: readonly Preset[];
  columns: readonly ExperimentColumn[];
  rows: readonly ExperimentRow[];
  /** What a figure shows, for entries without cells. */
  shows?: string;
  /**
   * What its page draws of its runs: projections of the embeddings that they left; confusion matrices, beside print's where it has
   * columns, else of each row and fold; the windows of one recording; the parts of the training loss; its columns over what is swept; or
   * what each row's network looked at by Grad-CAM++, averaged over the test set or in two cycles.
   */
  picture?: "embeddings" | "confusion" | "windows" | "losses" | "sweep" | "cam-mean" | "cam-examples";
  /** Of a sweep: what is swept, with its unit. */
  sweep?: string;
  /** Remarks on misprints and contradictions. */
  flags: readonly string[];
  /** Numbers of the decided ambiguities in the project's list that bear on this entry. */
  ambiguities: readonly number[];
  /** Of one run with the full budget; null where nothing is trained. */
  fullRun: { steps: number; hours: number } | null;
  /** What a run of one row and one task costs, by profile, in words. */
  cost: Record<Profile, string>;
  /** The exact command that reproduces one cell, or all of it where nothing is trained. */
  command: string;
}

/** What a number counts; "points" is a difference of percentages. */
export type Unit = "share" | "percent" | "points" | "count" | "millions" | "megabytes" | "seconds" | "hertz";

export interface ExperimentColumn {
  key: string;
  title: string;
  unit: Unit;
  /** Places that are printed at least, where the number's own literal does not show them ("0.10"). */
  decimals?: number;
  /** The task whose runs stand in it; absent: the row's. */
  task?: string;
  fold?: string;
  /** What of a run stands in it; absent: its Score. */
  measure?: Measure;
  /** Of a data set table: what is counted; the row's own query is laid over it. */
  count?: CountQuery;
}

export interface ExperimentRow {
  name: string;
  /** By column key, in the column's unit as printed; null where print leaves a gap. */
  printed: Readonly<Record<string, number | null>>;
  /**
   * "built" and "not built": whether `run` can make it now; a row that is not built is listed, never hidden. "literature": a constant
   * that the paper quotes. "counted": from annotations. "not counted": only its publisher can state it.
   */
  state: "built" | "not built" | "literature" | "counted" | "not counted";
  /** Whose runs fill it where these are not its own: several printed rows may stand on one run, or on another entry's. */
  runs?: { experiment?: string; row?: string; task?: string; fold?: string };
  /** The search whose best trial gives it settings: by the search's name of each, this row's. */
  tunedBy?: { experiment: string; row: string; settings: Readonly<Record<string, string>> };
  /** Laid over the column's. */
  measure?: Measure;
  /** Of single columns, by key; laid over both. */
  measures?: Readonly<Record<string, Measure>>;
  /** Laid over the column's. */
  count?: CountQuery;
  /** Where print states the same numbers, by column: here the key, there the key. */
  repeats?: readonly { experiment: string; row: string; columns: Readonly<Record<string, string>> }[];
  /** Where it stands in a sweep. */
  at?: number;
  /** Where a run of this row costs something else than the entry's. */
  fullRun?: { steps: number; hours: number };
  /** What print says of the row beside its numbers: architecture, pretraining, size. */
  about?: Readonly<Record<string, string | number>>;
}

/** Which number of a run a cell holds. */
export interface Measure {
  /** "score" (default), "sp", "se", "as", "hs", "recordScore" (of integrated windows), "accuracy", "precision", "recall", "f1", "count", "parameters", ... */
  metric?: string;
  /** Of one class, by its label. */
  class?: string;
  /** Of `count`: true class by `class`, decided class here. */
  predicted?: string;
  /** Of one test set or role, such as "inter" or "train"; "mean" is that of inter and intra. */
  set?: string;
  /** Of `recordScore` and its like: how far apart the windows begin; default 1 s. */
  stepSeconds?: number;
  /** Of one recording device. */
  device?: string;
  /** Of `imageMean` and `imageDeviation`: which of the training images' channels, from 0. */
  channel?: number;
  /** The difference to this row's number; the row is of this entry, or of the experiment that is named. */
  minus?: string | { experiment: string; row: string };
  /** With `minus`: the difference as a share of that row's number. */
  relative?: boolean;
  /** Print states a lower bound. */
  atLeast?: boolean;
}

/** What is counted in a data set's annotations; what is not said is not restricted. */
export interface CountQuery {
  /** Default "icbhi". */
  dataset?: "icbhi" | "sprsound";
  /** Such as "official", "official-patient-leak", "fold0"; of SPRSound a set ("train2022", "inter2022") or "release2022", its three. */
  split?: string;
  side?: "train" | "test";
  device?: string;
  /** A label of cycles or events, of SPRSound's recordings the record label; "Abnormal" and "Adventitious" are all that are heard ill. */
  class?: string;
  /** Length of a cycle or event, from the first to the second; null is open. */
  lengthSeconds?: readonly [from: number | null, to: number | null];
  /** Which edge of `lengthSeconds` belongs to it. Default "from". */
  includes?: "from" | "to";
  /** Only what is found in this part too: patients, recordings or cycles on both sides of a split. */
  alsoIn?: { split?: string; side?: "train" | "test" };
  /** Default: cycles, of SPRSound events. */
  of?: "cycles" | "events" | "recordings" | "patients" | "devices";
  /** Not how many, but how long they are, in seconds. */
  length?: "shortest" | "mean" | "median" | "longest";
  /**
   * Of SPRSound, not how many: the record labels that perfect labels of events or windows give (papers.md 3.8), against the annotated
   * ones.
   */
  integrated?: {
    /** All events of a recording, or windows of 3 s labelled by the events in them and put through the rule of two in a row. */
    from: "events" | "windows";
    task: "21" | "22";
    /** Of windows; default 1. */
    stepSeconds?: 1 | 2;
    /** The challenge's Score (default), the share of recordings that get their own label, or how many windows there are. */
    as?: "score" | "share" | "windows";
  };
  /** The part of what is counted without these restrictions, as a share; absent: the count itself. */
  shareOf?: "class" | "device" | "side" | "length" | "all";
}
