import type { SprSoundRecording } from "../datasets/sprsound/load.js";
import { type SprSoundTask, sprSoundTask } from "../datasets/sprsound/tasks.js";
import { decidingWindows, recordLabelFromWindows, windowLabel, windowsOf } from "../datasets/sprsound/windows.js";
import type { WindowTrack } from "../figures/windowTracks.js";
import { readWavFile } from "../node/wavFile.js";
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
 * Windows that decide it are framed.
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
  const track = (title: string, labels: readonly number[]) => trackOf(title, task, windows, labels);
  return lookAndListenForms(
    {
      samples,
      sampleRateHz,
      events: events.map(({ type, startSeconds, endSeconds }) => ({ label: type, startSeconds, endSeconds })),
      tracks: [track("from events", fromEvents), ...(decided ? [track("classifier", decided)] : [])],
    },
    { title: `Windows of ${name}`, note: `annotated as ${recordLabel}; framed windows decide`, ...options },
  );
}

function trackOf(
  name: string,
  task: SprSoundTask,
  windows: ReturnType<typeof windowsOf>,
  labels: readonly number[],
): WindowTrack {
  const counts = decidingWindows(task, labels);
  return {
    name,
    record: task.labels[recordLabelFromWindows(task, labels)]!,
    windows: windows.map(({ startSeconds, endSeconds }, i) => {
      return { startSeconds, endSeconds, label: task.labels[labels[i]!]!, counts: counts[i]! };
    }),
  };
}

/**
 * The recording of the timeline: of those given, the first by name in which a window of CAS comes right before one of CAS & DAS, so that
 * the rule of two in a row has to count each type on its own. Undefined where there is none.
 */
export function recordingWithTypeChange(
  recordings: readonly SprSoundRecording[],
  secondsOf: (recording: SprSoundRecording) => number,
): SprSoundRecording | undefined {
  const task = sprSoundTask("22");
  const [cas, both] = [task.labels.indexOf("CAS"), task.labels.indexOf("CAS & DAS")];
  return [...recordings]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .find((recording) => {
      if (recording.recordLabel !== "CAS & DAS") return false;
      const labels = windowsOf(secondsOf(recording)).map((window) => windowLabel(task, recording.events, window));
      return labels.some((label, i) => label === cas && labels[i + 1] === both);
    });
}
