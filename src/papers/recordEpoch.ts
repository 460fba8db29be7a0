import type { Recorder } from "../training/recorder.js";
import type { EpochRecord } from "../training/trainingState.js";

/** What every run reports of a finished epoch, under the same names whatever the paper: its metrics, and the time it took. */
export function recordEpoch(recorder: Recorder, { epoch, seconds, metrics }: EpochRecord): void {
  recorder.metrics({ ...metrics, "time/epochSeconds": seconds }, epoch);
}
