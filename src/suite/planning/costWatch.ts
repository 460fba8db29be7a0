import type { TrainingWork } from "../../papers/trainingWork.js";
import type { Measured, ProgressReport } from "../../training/workMeter.js";
import type { PlannedRun } from "../plan.js";
import { folderBytes, keepCost } from "./costStore.js";

/** Fewer steps tell of the first one, which is slower, rather than of the others. */
const ENOUGH_STEPS = 8;

/** Watches a run, or one of its stages, and keeps what its steps and evaluated items took. */
export class CostWatch {
  private measured: Measured = {};
  private readonly run: PlannedRun;
  private readonly work: TrainingWork | undefined;

  constructor(run: PlannedRun, work: TrainingWork | undefined) {
    this.run = run;
    this.work = work;
  }

  /** Takes what is for this watch out of a report. */
  see({ measured, ...report }: ProgressReport): ProgressReport {
    if (measured) this.measured = measured;
    return report;
  }

  /** At the end of a sitting, however it ended. @param folder whose size is part of what it took: the run's, where it is done */
  keep(folder?: string): void {
    const { run, work } = this;
    const { train, evaluate } = this.measured;
    if (!work || !train || !evaluate || train.units < ENOUGH_STEPS || evaluate.units === 0) return;
    keepCost(run, work, {
      step: train.seconds / train.units,
      item: evaluate.seconds / evaluate.units,
      ...(folder !== undefined && { folderBytes: folderBytes(folder) }),
    });
  }
}
