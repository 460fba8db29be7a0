import type { Recording } from "./recording.js";

let recording: Recording | undefined;

/** The trace under way, if any: one at a time. */
export function activeRecording(): Recording | undefined {
  return recording;
}

/** Runs `work` with `trace` as the active one. */
export function whileRecording<T>(trace: Recording, work: () => T): T {
  recording = trace;
  try {
    return work();
  } finally {
    recording = undefined;
  }
}
