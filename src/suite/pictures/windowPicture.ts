import { recordLabelIndex, type SprSoundTask, sprSoundTask } from "../../datasets/sprsound/tasks.js";
import {
  decidingWindows,
  type RecordingWindow,
  recordLabelFromWindows,
  windowLabel,
  windowsOf,
} from "../../datasets/sprsound/windows.js";
import type { WindowTimeline } from "../../evaluation/windowsFile.js";
import { type Figure, withNote } from "../../figures/figure.js";
import type { FigureOptions } from "../../figures/theme.js";
import { windowTimeline } from "../../figures/windowTimeline.js";
import type { WindowTrack } from "../../figures/windowTracks.js";

/**
 * A recording's events, the labels of its windows as the annotation makes them and as a classifier decided them, and the record label of
 * each, at both of the paper's steps (decision 39).
 */
export function windowPicture(timeline: WindowTimeline, options: FigureOptions = {}): Figure {
  const { recording, seconds, recordLabel, events, windows: decided } = timeline;
  const task = sprSoundTask(timeline.task);
  const annotated = task.labels[recordLabelIndex(task, recordLabel)]!;
  const whole = { startSeconds: 0, endSeconds: seconds, label: annotated };
  const tracks = [1, 2].flatMap((stepSeconds) => {
    const windows = windowsOf(seconds, { stepSeconds });
    const fromEvents = windows.map((window) => windowLabel(task, events, window));
    const own = decided.filter((_, i) => i % stepSeconds === 0);
    return [
      windowTrack(`from events, every ${stepSeconds} s`, task, windows, fromEvents),
      windowTrack(`decided, every ${stepSeconds} s`, task, windows, own),
    ];
  });
  const data = {
    seconds,
    events: events.map(({ type, startSeconds, endSeconds }) => ({ label: type, startSeconds, endSeconds })),
    tracks: [{ name: "annotated", record: annotated, windows: [whole] }, ...tracks],
  };
  return windowTimeline(data, withNote(options, `recording ${recording}`, "windows that decide are marked"));
}

/** A track of labels of a recording's windows, with the record label that they give; those that decide it are marked. */
export function windowTrack(
  name: string,
  task: SprSoundTask,
  windows: readonly RecordingWindow[],
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
