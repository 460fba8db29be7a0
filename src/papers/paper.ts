import type { Protocol } from "../datasets/split.js";
import type { Recorder } from "../training/recorder.js";
import type { Precision, RunIdentity } from "../training/runIdentity.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { ProgressReport } from "../training/workMeter.js";
import type { OptionValue, RecipeOptions } from "./recipeOption.js";
import type { RunInput } from "./runInputs.js";
import type { RunResult } from "./runResult.js";
import type { RunSplit } from "./runSplit.js";
import type { SearchSettings } from "./searchResult.js";
import type { SearchedValues } from "./searchSpace.js";
import type { SharedStage } from "./sharedStage.js";
import type { RecordedStart } from "./startingWeights.js";
import type { TrainingWork, UnitSeconds } from "./trainingWork.js";

export type Preset = "paper" | "authors";
export type Profile = "smoke" | "quick" | "full";

/** One run, as asked for. */
export interface RunRequest {
  experiment: string;
  row: string;
  task: string;
  /** Where the experiment has several splits. */
  fold?: string;
  protocol: Protocol;
  preset: Preset;
  profile: Profile;
  seed: number;
  /** The folder that holds the data sets. */
  dataDir: string;
  /** A file of weights to start from. */
  init?: string;
  /** Of training steps; default float32. */
  precision?: Precision;
  /** Settings of the recipe that are not its own, typed and checked: see `Paper.options`. */
  set?: Readonly<Record<string, OptionValue>>;
  /** At most so many epochs, with all that is timed by them scaled. */
  budget?: EpochBudget;
  /** Of a row that is tuned: what searches found for it, the most suitable first. */
  tuned?: readonly TunedSettings[];
}

/** Settings that a search found for a row. */
export interface TunedSettings {
  /** The search's run. */
  run: string;
  /** Digest of the data that it was made on. */
  data: string;
  /** By the row's own names. */
  set: Readonly<Record<string, OptionValue>>;
  /** How the search's budget differs from the paper's, in words. */
  reduced?: string;
}

/** What `--budget` gave each row of a table. */
export interface EpochBudget {
  epochs: number;
  /** Such as "3 h for 8 runs"; no part of what the run is. */
  says?: string;
}

/** What a run may use of the world around it. */
export interface RunContext {
  /** The run's own folder, which exists. */
  runFolder: string;
  /** Kept in its checkpoints: a run goes on from its own only. */
  identity: RunIdentity;
  recorder: Recorder;
  signal: AbortSignal;
  progress(report: ProgressReport): void;
  /** Told of each epoch that is done, first of those of earlier sittings. */
  onEpoch?(record: EpochRecord): void;
  warn(message: string): void;
  /** For checkpoints: throws Interrupted where another process has the run by now. */
  mayWrite(): void;
  /** The folder of each of the run's stages, by name. */
  stages: Readonly<Record<string, string>>;
}

/** The data of a run, as the tracker and the report name it. */
export interface RunData {
  name: string;
  digest: string;
  madeUp: boolean;
  /** In words; never a path of this machine. */
  source: string;
  description: string;
  /** Whether the test set of the printed numbers is there. */
  hasPrintedTestSet: boolean;
  /** Which of the result's tests that is; where it is not said, the mean over the tests stands beside the printed number. */
  printedTestSet?: string;
}

/** A run whose data was read and split, ready to be named and executed. */
export interface PreparedRun {
  /**
   * Everything that decides the result, as plain JSON: the run's signature is its digest. Paths, process ids, dates and the
   * data folder are not in it.
   */
  identity: Record<string, unknown>;
  data: RunData;
  /** What `runSplitOf` tells. */
  split: RunSplit;
  /** What it is fed, by role: see `runInputsOf`. */
  inputs: readonly RunInput[];
  /** Every setting, for the tracker. */
  settings: object;
  /** How much is computed; where it is not said, nothing can be told of its time. */
  work?: TrainingWork;
  /** How the budget differs from the paper's, in words; undefined for the full one. */
  reduced: string | undefined;
  /** Which search's settings it has, where it is tuned by one. */
  tuned?: TunedSettings;
  /** The weights that it starts from, where it was asked to; a paper that leaves this out starts from none. */
  init?: RecordedStart;
  /** What its training steps are computed in; a paper that leaves this out knows float32 alone. */
  precision?: Precision;
  /** What it needs and shares with other runs, in the order in which they are made; done before it begins. */
  stages?: readonly SharedStage[];
  /** Takes a few real steps on made-up batches, to tell what one costs here. */
  probe?(signal: AbortSignal): Promise<UnitSeconds>;
  execute(context: RunContext): Promise<RunResult>;
}

/** What a trial may use of the world around it. */
export interface TrialContext
  extends Pick<RunContext, "runFolder" | "identity" | "recorder" | "signal" | "progress" | "warn" | "mayWrite"> {
  /** Waited for after each epoch, first of those of earlier sittings; what it throws stops the trial. */
  onEpoch(record: EpochRecord): Promise<void>;
}

/** One point of a search, ready to be tried. */
export interface PreparedTrial {
  /** Every setting, for the tracker. */
  settings: object;
  /** Trains until it is stopped, from its own checkpoints where there are any. Touches no test set. */
  execute(context: TrialContext): Promise<void>;
}

/** A search whose data was read and split. */
export interface PreparedSearch
  extends Pick<PreparedRun, "identity" | "data" | "split" | "inputs" | "settings" | "reduced" | "work" | "precision"> {
  search: SearchSettings;
  /** The metric of an epoch that the search makes large, such as "select/score": a trial's value is that of its best epoch so far. */
  metric: string;
  /** That, in words. */
  valueIs: string;
  trial(values: SearchedValues): PreparedTrial;
}

/** A paper, as the suite sees it: `src/papers/<folder>/index.ts` exports one as `paper`. */
export interface Paper {
  id: string;
  citation: string;
  /** Settings of a row that `--set` may change, with what they are for this request; absent: none. Reads no data. */
  options?(request: RunRequest): RecipeOptions;
  /** Throws UserError for a row or task that it cannot run, and MissingData for what is not there. */
  prepare(request: RunRequest): PreparedRun;
  /** Of a row that is a search of settings; undefined for others. Throws as `prepare` does. */
  search?(request: RunRequest): PreparedSearch | undefined;
}
