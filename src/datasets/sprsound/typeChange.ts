import type { SprSoundRecording } from "./load.js";
import { sprSoundTask } from "./tasks.js";
import { windowLabel, windowsOf } from "./windows.js";

/**
 * The recording of a timeline of windows (Figure 4 of the SupCon paper, which does not name its own): of those given, the first by name
 * in which a window of CAS comes right before one of CAS & DAS, so that the rule of two in a row has to count each type on its own.
 * Undefined where there is none.
 */
export function recordingWithTypeChange(
  recordings: readonly SprSoundRecording[],
  secondsOf: (recording: SprSoundRecording) => number,
): SprSoundRecording | undefined {
  const task = sprSoundTask("22");
  const [cas, both] = [task.labels.indexOf("CAS"), task.labels.indexOf("CAS & DAS")];
  return byName(recordings).find((recording) => {
    if (recording.recordLabel !== "CAS & DAS") return false;
    const labels = windowsOf(secondsOf(recording)).map((window) => windowLabel(task, recording.events, window));
    return labels.some((label, i) => label === cas && labels[i + 1] === both);
  });
}

/** The same where there is one; else the first by name with adventitious sounds; else the first. Undefined for no recordings. */
export function recordingToShow(
  recordings: readonly SprSoundRecording[],
  secondsOf: (recording: SprSoundRecording) => number,
): SprSoundRecording | undefined {
  const named = byName(recordings);
  const adventitious = named.find(({ recordLabel }) => recordLabel !== "Normal" && recordLabel !== "Poor Quality");
  return recordingWithTypeChange(named, secondsOf) ?? adventitious ?? named[0];
}

function byName(recordings: readonly SprSoundRecording[]): SprSoundRecording[] {
  return [...recordings].sort((a, b) => (a.name < b.name ? -1 : 1));
}
