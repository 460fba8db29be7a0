import type { EpochRecord } from "../training/trainingState.js";
import type { PreparedRun, RunContext } from "./paper.js";
import type { SearchSettings } from "./searchResult.js";
import type { SearchedValues } from "./searchSpace.js";

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
