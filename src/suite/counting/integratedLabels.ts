import { recordLabelFromEvents } from "../../datasets/sprsound/labels.js";
import type { SprSound, SprSoundRecording } from "../../datasets/sprsound/load.js";
import { recordingSeconds } from "../../datasets/sprsound/recordingSeconds.js";
import { recordLabelIndex, type SprSoundTask, sprSoundTask } from "../../datasets/sprsound/tasks.js";
import { windowLabel, windowsOf } from "../../datasets/sprsound/windows.js";
import { accuracy, confusionOf } from "../../evaluation/confusion.js";
import { integratedLabel } from "../../evaluation/sprsoundRecords.js";
import { sprSoundScores } from "../../evaluation/sprsoundScores.js";
import type { CountQuery } from "../entry.js";

/**
 * What perfect labels of the events or windows of some recordings make of the recordings (papers.md 3.8): from 0 to 1, or how many
 * windows there are; null of no recordings. Lengths of recordings are read from their files.
 */
export function integratedNumber(
  { from, task: id, stepSeconds = 1, as = "score" }: NonNullable<CountQuery["integrated"]>,
  recordings: readonly SprSoundRecording[],
  data: SprSound,
): number | null {
  if (recordings.length === 0) return null;
  const task = sprSoundTask(id);
  const windows = (recording: SprSoundRecording) => windowsOf(recordingSeconds(data)(recording), { stepSeconds });
  if (as === "windows") return recordings.reduce((sum, recording) => sum + windows(recording).length, 0);
  const truths = recordings.map(({ recordLabel }) => recordLabelIndex(task, recordLabel));
  const decisions = recordings.map((recording) =>
    from === "events" ? labelOfEvents(recording, task) : labelOfWindows(recording, windows(recording), task),
  );
  const confusion = confusionOf(task.labels, truths, decisions);
  return as === "share" ? accuracy(confusion) : sprSoundScores(confusion, task.adventitiousFrom).score;
}

function labelOfEvents({ events }: SprSoundRecording, task: SprSoundTask): number {
  return recordLabelIndex(task, recordLabelFromEvents(events.map(({ type }) => type)));
}

function labelOfWindows(
  { events }: SprSoundRecording,
  windows: ReturnType<typeof windowsOf>,
  task: SprSoundTask,
): number {
  const labels = windows.map((window) => windowLabel(task, events, window));
  return integratedLabel(task, labels);
}
