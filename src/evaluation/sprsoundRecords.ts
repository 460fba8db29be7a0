import type { SprSoundTask } from "../datasets/sprsound/tasks.js";
import { recordLabelFromWindows } from "../datasets/sprsound/windows.js";
import { sprSoundIntervals } from "./patientBootstrap.js";
import { countDecisions, type Resampling } from "./setAssessment.js";
import { meanAssessment, type ScoreIntervals, type SprSoundAssessment } from "./sprsoundAssessment.js";
import { type SprSoundScores, sprSoundScores } from "./sprsoundScores.js";

/** A recording with what a classifier called its windows. */
export interface WindowedRecording {
  /** Index of the task's labels: what the recording is. */
  label: number;
  patient: string;
  /** Indices of the task's labels, in order, one at least. */
  windows: readonly number[];
}

/** Labels of whole recordings, integrated from decisions on their windows. */
export interface IntegratedRecords {
  stepSeconds: number;
  /** By test set. */
  tests: Record<string, SprSoundAssessment>;
  /** Of the inter and intra sets, where there are both. */
  mean?: { scores: SprSoundScores; intervals?: ScoreIntervals };
}

/**
 * The record label that every `every`-th window gives, from the first on: windows of step 2 s are every second one of step 1 s.
 * @throws RangeError as `recordLabelFromWindows` does
 */
export function integratedLabel(task: SprSoundTask, windows: readonly number[], every = 1): number {
  return recordLabelFromWindows(
    task,
    windows.filter((_, i) => i % every === 0),
  );
}

/**
 * Recordings scored by the labels that their windows give (papers.md 3.8), whole recordings of both kinds as in tasks 21 and 22. A label
 * that a rule decides has no probability: AUC and loss are not numbers.
 */
export function assessRecords(
  recordings: readonly WindowedRecording[],
  task: SprSoundTask,
  { every = 1, resampling }: { every?: number; resampling?: Resampling } = {},
): SprSoundAssessment {
  const { labels, adventitiousFrom } = task;
  const decisions = recordings.map(({ windows }) => integratedLabel(task, windows, every));
  const counted = countDecisions({ examples: recordings, decisions, labels });
  return {
    challenge: "sprsound",
    scores: sprSoundScores(counted.confusion, adventitiousFrom),
    ...(resampling && {
      intervals: sprSoundIntervals([counted.byPatient], adventitiousFrom, resampling.streams, resampling.draws),
    }),
    ...{ auc: Number.NaN, loss: Number.NaN },
    ...counted,
  };
}

/** Both steps of the paper from one set of windows, a second apart (decision 39). */
export function integratedRecords(
  sets: Readonly<Record<string, readonly WindowedRecording[]>>,
  task: SprSoundTask,
  resampling?: Resampling,
): IntegratedRecords[] {
  return [1, 2].map((stepSeconds) => {
    const options = { every: stepSeconds, ...(resampling && { resampling }) };
    const tests = Object.fromEntries(
      Object.entries(sets).map(([name, set]) => [name, assessRecords(set, task, options)]),
    );
    const { inter, intra } = tests;
    const both = inter && intra && meanAssessment([inter, intra], task.adventitiousFrom, resampling);
    return { stepSeconds, tests, ...(both && { mean: both }) };
  });
}
