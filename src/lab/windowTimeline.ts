import type { SprSoundRecording } from "../datasets/sprsound/load.js";
import { sprSoundTask } from "../datasets/sprsound/tasks.js";
import { windowLabel, windowsOf } from "../datasets/sprsound/windows.js";
import { readWavFile } from "../node/wavFile.js";
import { windowTrack } from "../suite/pictures/windowPicture.js";
import { type Slot, show } from "./display.js";
import { type LookOptions, lookAndListenForms } from "./lookAndListen.js";

export interface TimelineOptions extends LookOptions {
  /** "21" or "22", the default, which tells the types apart. */
  task?: "21" | "22";
  /** Between beginnings of windows; default 1 s. */
  stepSeconds?: number;
  /** What a classifier called the windows, in order: indices of the task's labels, such as a run's `windows.json` has them. */
  decided?: readonly number[];
}

/**
 * Shows a recording of SPRSound with what its windows are called (Figure 4 of the SupCon paper), and plays it: events, waveform, spectrogram,
 * then the windows as the annotated events make them and as a classifier called them, with the label that each makes of the recording.
 * Windows that decide it are marked.
 * @throws RangeError where `decided` has not one label for each window
 */
export function windowTimeline(recording: SprSoundRecording, options: TimelineOptions = {}, slot?: Slot): void {
  show(windowTimelineForms(recording, options), slot);
}

/** What `windowTimeline` shows, by MIME type. */
export function windowTimelineForms(
  recording: SprSoundRecording,
  { task: id = "22", stepSeconds = 1, decided, ...options }: TimelineOptions = {},
): Record<string, string> {
  const task = sprSoundTask(id);
  const { name, events, recordLabel } = recording;
  const { samples, sampleRateHz } = readWavFile(recording.file);
  const windows = windowsOf(samples.length / sampleRateHz, { stepSeconds });
  const fromEvents = windows.map((window) => windowLabel(task, events, window));
  if (decided && decided.length !== windows.length) {
    throw new RangeError(`${name} has ${windows.length} windows every ${stepSeconds} s, got ${decided.length} labels`);
  }
  const track = (title: string, labels: readonly number[]) => windowTrack(title, task, windows, labels);
  return lookAndListenForms(
    {
      samples,
      sampleRateHz,
      events: events.map(({ type, startSeconds, endSeconds }) => ({ label: type, startSeconds, endSeconds })),
      tracks: [track("from events", fromEvents), ...(decided ? [track("classifier", decided)] : [])],
    },
    { title: `Windows of ${name}`, note: `annotated as ${recordLabel}; windows that decide are marked`, ...options },
  );
}
