import type { SprSoundEvent } from "./annotation.js";
import { type EventType, type RecordLabel, recordLabelFromEvents } from "./labels.js";
import { recordLabelIndex, type SprSoundTask } from "./tasks.js";

/** Length of a window, and of a clip that a classifier of windows learns from (papers.md 3.8). */
export const WINDOW_SECONDS = 3;

/** Bounds within a recording, in seconds from its beginning. */
export interface Bounds {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A window of a recording. */
export interface RecordingWindow extends Bounds {
  /** What the recording lacks of a whole window; 0 but for a recording that is shorter than one. */
  readonly padSeconds: number;
}

export interface WindowOptions {
  /** Default 3 s (papers.md 3.8). */
  readonly windowSeconds?: number;
  /** Default 1 s. The paper says 2 s in one passage and 1 s in another; 1 s is the project's choice (papers.md 3.8). */
  readonly stepSeconds?: number;
}

/** Bounds in binary are a little off: 0.3 / 0.1 is below 3. */
const ROUNDING = 1e-9;

/**
 * The whole windows of a recording, from its beginning on: 7 of 9.216 s, 13 of 15.36 s. What is left at the end, less than a
 * step, is in no window. A recording that is shorter than a window is one window, to be padded.
 * @throws RangeError for a duration, window or step that is not above 0
 */
export function windowsOf(durationSeconds: number, options: WindowOptions = {}): RecordingWindow[] {
  const { windowSeconds = WINDOW_SECONDS, stepSeconds = 1 } = options;
  for (const [name, value] of Object.entries({ durationSeconds, windowSeconds, stepSeconds })) {
    if (!(value > 0 && value < Infinity)) throw new RangeError(`windows: ${name} must be above 0, got ${value}`);
  }
  if (durationSeconds < windowSeconds) {
    return [{ startSeconds: 0, endSeconds: durationSeconds, padSeconds: windowSeconds - durationSeconds }];
  }
  const count = 1 + Math.floor((durationSeconds - windowSeconds) / stepSeconds + ROUNDING);
  return Array.from({ length: count }, (_, i) => {
    const startSeconds = i * stepSeconds;
    return { startSeconds, endSeconds: Math.min(startSeconds + windowSeconds, durationSeconds), padSeconds: 0 };
  });
}

/** The types of the events that share time with the bounds, however little; touching ends share none. */
export function typesIn(events: readonly SprSoundEvent[], { startSeconds, endSeconds }: Bounds): EventType[] {
  return events.filter((e) => e.startSeconds < endSeconds && e.endSeconds > startSeconds).map(({ type }) => type);
}

/**
 * The label of a window that a perfect classifier of events would give, as an index of the task's labels: the record label
 * of the events it shares time with. A window between events is Normal, since nothing adventitious was marked there; all
 * windows of a recording without any event are of Poor Quality, as the recording is.
 * @param task 21 or 22
 * @throws RangeError for a task of events
 */
export function windowLabel(task: SprSoundTask, events: readonly SprSoundEvent[], bounds: Bounds): number {
  requireRecordTask(task);
  const types = typesIn(events, bounds);
  const label: RecordLabel = types.length === 0 && events.length > 0 ? "Normal" : recordLabelFromEvents(types);
  return recordLabelIndex(task, label);
}

/**
 * The label of a recording from those of its windows in order (papers.md 3.8): an adventitious type counts where two windows in
 * a row carry it, and each type is counted on its own, so that CAS before CAS & DAS is CAS twice. Any type that counts
 * decides; else one Normal window makes the recording Normal; else it is of Poor Quality. In task 21 there is one
 * adventitious type. Where a recording has one window only, one is enough: the paper does not say, and none could be found else.
 *
 * @param task 21 or 22
 * @param windows indices of the task's labels, one at least
 * @returns an index of the task's labels
 * @throws RangeError for a task of events, no windows, or an index that is none of the task's
 */
export function recordLabelFromWindows(task: SprSoundTask, windows: readonly number[]): number {
  requireRecordTask(task);
  if (windows.length === 0) throw new RangeError("record label from windows: there is no window");
  const names = windows.map((index) => {
    const name = task.labels[index];
    if (name === undefined) throw new RangeError(`record label from windows: task ${task.id} has no label ${index}`);
    return name;
  });
  const inARow = Math.min(2, names.length);
  const counts = (type: string) =>
    names.some((_, i) => i + inARow <= names.length && names.slice(i, i + inARow).every((name) => carries(name, type)));
  const detected = ADVENTITIOUS.filter(counts);
  const label = detected.join(" & ") || (names.includes("Normal") ? "Normal" : "Poor Quality");
  return task.labels.indexOf(label);
}

/**
 * Which windows decide a recording's label: those in a row that carry a type which counts; else, where there are such, the Normal ones;
 * else all.
 * @throws RangeError as `recordLabelFromWindows` does
 */
export function decidingWindows(task: SprSoundTask, windows: readonly number[]): boolean[] {
  const record = task.labels[recordLabelFromWindows(task, windows)]!;
  const names = windows.map((index) => task.labels[index]!);
  const types = ADVENTITIOUS.filter((type) => carries(record, type));
  if (types.length === 0) return names.map((name) => name === record || record === "Poor Quality");
  const isAlone = names.length === 1;
  return names.map((_, i) =>
    types.some((type) => {
      const [before, here, after] = [i - 1, i, i + 1].map((at) => at in names && carries(names[at]!, type));
      return here && (before || after || isAlone);
    }),
  );
}

/** In the order in which "CAS & DAS" names them; "Adventitious" is task 21's only one. */
const ADVENTITIOUS = ["CAS", "DAS", "Adventitious"];

function carries(label: string, type: string): boolean {
  return label.split(" & ").includes(type);
}

function requireRecordTask({ id, level }: SprSoundTask): void {
  if (level !== "record") throw new RangeError(`windows are labelled for tasks 21 and 22, not for ${id}`);
}

/**
 * The clip of an event for training a classifier of windows (papers.md 3.8): `windowSeconds` with the event in the middle, moved
 * so far that it lies within the recording. A longer event keeps its bounds; a recording that is shorter gives all it has.
 * @throws RangeError for a window or recording without length, and for an event that begins beyond the recording
 */
export function extendedEvent(
  { startSeconds, endSeconds }: Bounds,
  durationSeconds: number,
  { windowSeconds = WINDOW_SECONDS }: Pick<WindowOptions, "windowSeconds"> = {},
): Bounds {
  if (!(windowSeconds > 0)) throw new RangeError(`extended event: windowSeconds must be above 0, got ${windowSeconds}`);
  if (!(startSeconds >= 0 && startSeconds < durationSeconds && endSeconds > startSeconds)) {
    throw new RangeError(
      `extended event: ${startSeconds} to ${endSeconds} s does not begin within the recording of ${durationSeconds} s`,
    );
  }
  // Bounds are in whole milliseconds, so the end may lie a little beyond the last sample.
  const end = Math.min(endSeconds, durationSeconds);
  if (end - startSeconds >= windowSeconds) return { startSeconds, endSeconds: end };
  const latest = Math.max(0, durationSeconds - windowSeconds);
  const start = Math.min(Math.max(0, (startSeconds + end - windowSeconds) / 2), latest);
  return { startSeconds: start, endSeconds: Math.min(start + windowSeconds, durationSeconds) };
}
