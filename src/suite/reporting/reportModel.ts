import type { LeakedPatient } from "../../datasets/overlap.js";
import type { ConfusionMatrix } from "../../evaluation/confusion.js";
import type { RunCalibration } from "../../evaluation/runCalibration.js";
import type { Verdict } from "../../evaluation/verdict.js";
import type { WindowTimeline } from "../../evaluation/windowsFile.js";
import type { CamExample, Cams } from "../../explain/camFiles.js";
import type { Projections } from "../../explain/projections.js";
import type { ConfusionShares } from "../../figures/confusion.js";
import type { CurvesData } from "../../figures/curves.js";
import type { SweepData } from "../../figures/sweep.js";
import type { SearchRecord } from "../../papers/searchRecord.js";
import type { Caveat } from "../caveats.js";
import type { CountedEntry } from "../counting/countedEntry.js";
import type { Unit } from "../entry.js";

/** A number with the interval around it, in the column's unit; null stands where a set lacks the items it needs. */
export interface Estimate {
  mean: number | null;
  low: number | null;
  high: number | null;
  /** How many runs the mean is of. */
  n: number;
}

/** One printed number beside ours. */
export interface ReportCell {
  id: string;
  row: string;
  /** What its runs have in common, such as "honest, quick"; absent where there are none. */
  variant?: string;
  /** What tells its runs from newer ones of the same variant, such as "recipe of an earlier version". */
  edition?: string;
  /** The column's title. */
  column: string;
  unit: Unit;
  decimals?: number;
  printed: number | null;
  ours: Estimate | null;
  verdict: Verdict;
  /** Why the verdict is what it is; the reasons, joined, where nothing may be compared. */
  why: string;
  /** Best epoch on the test set minus the mean of the last tenth of the epochs, of a run that looked there; in the column's unit. */
  optimism: number | null;
  /** Published minus honest, where both were run; in the column's unit. */
  protocolGap: number | null;
  /** What stands beside a Score. */
  beside?: Beside;
  /** A reason to doubt the number, in a sentence. */
  doubt?: string;
  /** What must be said beside ours. */
  caveats: readonly Caveat[];
  /** The ids of the runs that ours is of. */
  runs: string[];
}

/** What stands beside a Score, from 0 to 1: means over its runs. */
export interface Beside {
  /** Area under the ROC curve, one class against the rest, mean over the test sets. */
  auc: number | null;
  /** Of the Score over the last tenth of the epochs, on the role that the protocol allows to look at. */
  lastTenth: { role: "select" | "test"; epochs: number; median: number | null };
  lastEpoch: number | null;
  /** Of the shortest run. */
  epochs: number;
  /** Of a cross-validation, whose number pools the folds: the folds one by one. */
  folds?: {
    names: string[];
    mean: number;
    /** Standard deviation over the folds. */
    deviation: number;
    low: number;
    high: number;
    /** Folds that have no Score, where there are any. */
    without?: number;
  };
}

/** Two rows of a table on one test set. */
export interface Comparison {
  column: string;
  variant: string;
  row: string;
  base: string;
  unit: Unit;
  /** Row minus base, with its 95 % interval, in the column's unit. */
  difference: number;
  low: number | null;
  high: number | null;
  /** Of the randomisation test, and after Holm over the table's comparisons. */
  p: number;
  holm: number;
  /** The least difference that this test set would show four times in five; in the column's unit. */
  smallestDetectable: number | null;
}

/** The challenge's scores of one set, 0 to 1, with the 95 % interval of the Score over patients. */
export interface SetScores {
  se: number | null;
  sp: number | null;
  /** SPRSound's alone. */
  as?: number | null;
  hs?: number | null;
  /** ICBHI's alone: the four classes read as two (papers.md 0.3, variant B). */
  collapsedSe?: number | null;
  collapsedScore?: number | null;
  score: number | null;
  low: number | null;
  high: number | null;
  /** 95 % intervals over patients of SE and SP. */
  intervals?: Partial<Record<"se" | "sp", { low: number | null; high: number | null }>>;
  /** Area under the ROC curve, one class against the rest. */
  auc?: number | null;
  loss?: number | null;
  items?: number;
  patients?: number;
}

/** The Score at the end of a run, of the role that the protocol allows to look at in each epoch. */
export interface EndOfRun {
  role: "select" | "test";
  lastEpoch: number | null;
  /** Median, mean and range over the last tenth of the epochs. */
  median: number | null;
  mean: number | null;
  low: number | null;
  high: number | null;
  epochs: number;
}

/** Metrics of one epoch; keys as in the tracker ("train/loss", "select/score", ...). */
export interface HistoryPoint {
  epoch: number;
  [metric: string]: number | null;
}

/** Counts of one patient or device. */
export interface NamedCounts {
  name: string;
  matrix: ConfusionMatrix;
}

/** One training run. */
export interface ReportRun {
  runId: string;
  name: string;
  row: string;
  task: string;
  protocol: "published" | "honest";
  preset: string;
  profile: string;
  seed: number;
  /** What its fellows have in common, as its cells say it. */
  variant?: string;
  epochs: number;
  seconds: number;
  chosenEpoch: number | null;
  /** How the epoch was chosen, such as "best select Score". */
  chosenBy: string;
  madeUp: boolean;
  /** What must be said beside each of its numbers. */
  caveats: readonly Caveat[];
  metrics: Record<string, number | null>;
  /** Names such as "inter", "intra", "mean", in the order they are shown. */
  scoresBySet: Record<string, SetScores>;
  endOfRun: EndOfRun | null;
  history: HistoryPoint[];
  confusionBySet: Record<string, ConfusionMatrix>;
  /** Of a search: what stands in place of scores. */
  search?: SearchRecord;
  /** How far the chosen epoch's probabilities can be trusted, where a page shows it: see `RunResult.calibration`. */
  calibration?: RunCalibration;
  /** Counts by patient and by recording device, where a page shows them. */
  groupsBySet?: Record<string, { patients: NamedCounts[]; devices: NamedCounts[] }>;
  /** Who is on both sides of the split, what was left out. */
  splitNotes: string[];
  /** Who leaks, where a page shows it: see `RunSplit.leakedPatients`. */
  leakedPatients?: readonly LeakedPatient[];
  /** Each opening of a test set, in words. */
  testOpenings?: string[];
  /** Digests and revision, shown small: "train digest" -> "ab12...". */
  provenance: Record<string, string>;
  trackingUrl?: string;
}

/** A printed number that other print contradicts, in words. */
export interface Contradiction {
  row: string;
  column: string;
  kind: string;
  says: string;
}

/** What is done where a paper leaves a question open. */
export interface Decision {
  number: number;
  question: string;
  decision: string;
}

/** A picture that an entry consists of, before it is drawn. */
export type EntryPicture = {
  title: string;
  note?: string;
  /** Those of one task stand side by side. */
  task: string;
} & (
  | { kind: "embeddings"; projections: Projections }
  | { kind: "windows"; timeline: WindowTimeline }
  | { kind: "cam-mean"; cams: Omit<Cams, "examples"> }
  | { kind: "cam-example"; example: CamExample; cams: Omit<Cams, "mean" | "examples"> }
  | { kind: "confusion"; matrix: ConfusionMatrix | ConfusionShares }
  | { kind: "curves"; data: CurvesData }
  | { kind: "sweep"; data: SweepData }
);

/** All that a report shows, as plain JSON: what the tracker or the committed results give. */
export interface ReportModel {
  /** Such as "supcon-sprs/table3". */
  id: string;
  title: string;
  kind: string;
  citation: string;
  /** What differs between the rows, what the numbers are, and of which test set. */
  vary: string;
  metric: string;
  testSet: string;
  /** What a figure shows, for entries without cells. */
  shows?: string;
  /** The command that makes these runs. */
  command: string;
  protocol: string;
  preset: string;
  profile: string;
  /** True where any run was on made-up sounds. */
  madeUp: boolean;
  /** What was run on: "SPRSound, 2022 release: 6,656 training events of 251 patients". */
  data: string;
  /** The budget in words: "8 epochs of 60, a quarter of the items in each". */
  budget: string;
  /** Remarks, what was not run. */
  notes: string[];
  /** Printed numbers that other print contradicts. */
  contradictions: Contradiction[];
  /** Decided ambiguities that bear on it. */
  decisions: Decision[];
  cells: ReportCell[];
  comparisons: Comparison[];
  /** Pictures that are the entry's own, where a page shows them. */
  pictures?: EntryPicture[];
  /** Pictures that are not here yet, and the command that makes the run of each. */
  missingPictures?: { what: string; command: string }[];
  /** Of a table that is counted from annotations. */
  counted?: CountedEntry;
  runs: ReportRun[];
  /** ISO 8601 time, shown at the end. */
  generatedAt: string;
}
