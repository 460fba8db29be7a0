import type { Measured, ProgressReport } from "../../training/workMeter.js";
import type { PlannedRun } from "../plan.js";
import { folderBytes, keepCost } from "./costStore.js";

/** Fewer steps tell of the first one, which is slower, rather than of the others. */
const ENOUGH_STEPS = 8;

/** Watches a run, and keeps what its steps and evaluated items took. */
export class CostWatch {
  private measured: Measured = {};

  constructor(private readonly run: PlannedRun) {}

  /** Takes what is for this watch out of a report. */
  see({ measured, ...report }: ProgressReport): ProgressReport {
    if (measured) this.measured = measured;
    return report;
  }

  /** At the end of a sitting, however it ended. */
  keep({ isDone }: { isDone: boolean }): void {
    const { train, evaluate } = this.measured;
    if (!train || !evaluate || train.units < ENOUGH_STEPS || evaluate.units === 0) return;
    keepCost(this.run, {
      step: train.seconds / train.units,
      item: evaluate.seconds / evaluate.units,
      ...(isDone && { folderBytes: folderBytes(this.run.folder) }),
    });
  }
}
