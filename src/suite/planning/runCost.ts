import { secondsOf, type TrainingWork, type UnitSeconds, unitsOf } from "../../papers/trainingWork.js";
import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import { measuredCost } from "./costStore.js";

/** What a run, or a stage, takes from its start to its end, without the making of features. */
export interface RunCost {
  steps: number;
  /** Undefined where nothing is known. */
  seconds?: number;
  /** From runs or probes on this machine, or from what the entry says of the full run. */
  how: "measured" | "estimated" | "not known";
  unit?: UnitSeconds;
  /** Of its folder, once it is done. */
  folderBytes?: number;
}

/**
 * @param entry whose run it is
 * @param work the run's own, or that of one of its stages
 */
export function runCost(
  run: PlannedRun,
  entry: ExperimentEntry | undefined,
  work: TrainingWork | undefined = run.prepared.work,
): RunCost {
  if (!work) return { steps: 0, how: "not known" };
  const { steps } = unitsOf(work);
  const unit = measuredCost(run, work);
  if (unit) {
    const { folderBytes } = unit;
    return {
      ...{ steps, seconds: secondsOf(work, unit), how: "measured", unit },
      ...(folderBytes !== undefined && { folderBytes }),
    };
  }
  const full = entry?.rows.find(({ name }) => name === run.request.row)?.fullRun ?? entry?.fullRun;
  if (!full) return { steps, how: "not known" };
  return { steps, seconds: (full.hours * 3600 * steps) / full.steps, how: "estimated" };
}

/** Seconds until the last of some runs ends, `jobs` at once, each begun in order as soon as one ends. */
export function secondsUntilDone(seconds: readonly number[], jobs: number): number {
  const busyUntil = new Array<number>(Math.max(1, Math.min(jobs, seconds.length))).fill(0);
  for (const one of seconds) busyUntil[busyUntil.indexOf(Math.min(...busyUntil))]! += one;
  return Math.max(...busyUntil);
}

/** "3.1 h", "12 min", "40 s" */
export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  const hours = seconds / 3600;
  return hours < 100 ? `${hours.toFixed(1)} h` : `${Math.round(hours)} h`;
}
