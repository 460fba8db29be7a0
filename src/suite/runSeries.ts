import type { PlannedRun } from "./plan.js";
import { finishedRecord, type RunRecord } from "./runRecord.js";

/** What is done with each run of a series, and who is told; `index` is its place among them. */
export interface SeriesSteps {
  /** Carries out one; answers undefined where it is only looked at. */
  carryOut(run: PlannedRun, index: number): Promise<RunRecord | undefined>;
  doneBefore(run: PlannedRun, record: RunRecord, index: number): void;
  done(run: PlannedRun, record: RunRecord, index: number): void;
  failed(run: PlannedRun, error: Error, index: number): void;
}

/**
 * Carries out what is missing of some runs, one after the other; one that fails does not stop the others. Throws Interrupted when
 * stopped, and for the damaged record of a run that was done.
 */
export async function runSeries(runs: readonly PlannedRun[], steps: SeriesSteps): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const before = finishedRecord(run.folder);
    if (before) {
      steps.doneBefore(run, before, index);
      continue;
    }
    try {
      const record = await steps.carryOut(run, index);
      if (record) steps.done(run, record, index);
    } catch (error) {
      if ((error as Error).name === "Interrupted") throw error;
      steps.failed(run, error as Error, index);
    }
  }
}
