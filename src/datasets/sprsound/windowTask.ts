import { Streams } from "../../random/streams.js";
import { UserError } from "../../userError.js";
import type { Example, Item, Role } from "../roles.js";
import type { Protocol } from "../split.js";
import { recordLabelFromEvents } from "./labels.js";
import type { SprSound, SprSoundRecording } from "./load.js";
import { type SprSoundSplit, splitOf } from "./split.js";
import { recordLabelIndex, type SprSoundTask } from "./tasks.js";
import { extendedEvent, WINDOW_SECONDS, type WindowOptions, windowsOf } from "./windows.js";

/** How long a recording is, in seconds. */
export type SecondsOf = (recording: Pick<SprSoundRecording, "file">) => number;

/**
 * Pieces cut from each Poor Quality recording: as many as a training recording of 2022 that has events has of them (6,656 events in
 * 1,772 recordings, 3.8), so that no recording weighs more for being bad. The paper does not say.
 */
export const PIECES_PER_RECORDING = 4;

/**
 * What a classifier of windows is trained and tested on, event by event (papers.md 3.8): each event's clip extended to 3 s, with the
 * label of that event alone, whatever else the clip holds; and random pieces of 3 s of the recordings of Poor Quality. Where the pieces
 * lie depends on the recording's name alone, so that roles, seeds and machines share them. Bounds are part of the id, and with it of
 * the split's digest.
 * @param task 21 or 22
 * @throws UserError naming the file of a recording without samples and of an event that begins beyond its recording
 */
export function windowExamplesOf<R extends Role>(
  recordings: readonly SprSoundRecording[],
  task: SprSoundTask,
  role: R,
  secondsOf: SecondsOf,
): Example<R>[] {
  return recordings.flatMap((recording) => {
    const { name, file, patient, set, events, recordLabel } = recording;
    const seconds = secondsOf(recording);
    requireWithin(recording, seconds);
    const example = (id: string, bounds: { startSeconds: number; endSeconds: number }, label: number): Example<R> => ({
      ...{ id: `${id}@${inMs(bounds)}`, recording: name, file, patient, set, role },
      ...bounds,
      ...{ label, className: task.labels[label]! },
    });
    if (recordLabel === "Poor Quality") {
      const label = recordLabelIndex(task, recordLabel);
      return piecesOf(name, seconds).map((bounds, index) => example(`${name}~${index}`, bounds, label));
    }
    return events.map((event, index) => {
      const label = recordLabelIndex(task, recordLabelFromEvents([event.type]));
      return example(`${name}#${index}`, extendedEvent(event, seconds, { windowSeconds: WINDOW_SECONDS }), label);
    });
  });
}

function requireWithin({ file, annotationFile, events }: SprSoundRecording, seconds: number): void {
  if (!(seconds > 0)) throw new UserError(`${file}: there are no samples; windows need a recording that lasts`);
  const beyond = events.findIndex(({ startSeconds }) => startSeconds >= seconds);
  if (beyond < 0) return;
  throw new UserError(
    `${annotationFile}: event ${beyond + 1} starts at ${events[beyond]!.startSeconds} s, beyond the recording of ${seconds} s; \`npx auscult data check sprsound\` lists all such events`,
  );
}

/** Starts are whole milliseconds, as the annotations' are. A recording that is no longer than a piece is one. */
function piecesOf(name: string, seconds: number): { startSeconds: number; endSeconds: number }[] {
  if (seconds <= WINDOW_SECONDS) return [{ startSeconds: 0, endSeconds: seconds }];
  const latestMs = Math.floor((seconds - WINDOW_SECONDS) * 1000 + 1e-6);
  const rng = new Streams(0).stream(`pieces of poor quality ${name}`);
  return Array.from({ length: PIECES_PER_RECORDING }, () => {
    const startMs = rng.integer(latestMs + 1);
    return { startSeconds: startMs / 1000, endSeconds: startMs / 1000 + WINDOW_SECONDS };
  });
}

/**
 * The split of the clips that a classifier of windows learns from: roles as `sprSoundSplit` gives them, so that `honest` holds out the
 * same patients as every other task and `published` draws 20 % of the clips at random. The paper does not say what its event level
 * was measured on: here it is the clips of the test sets' events, extended in the same way, with pieces of their Poor Quality recordings.
 * Neither sensitivity nor specificity counts the latter, so the Score does not depend on where they lie.
 *
 * @param task 21 or 22
 * @throws UserError as `sprSoundSplit` and `windowExamplesOf` do; RangeError for a task of events
 */
export function windowSplit(
  data: SprSound,
  task: SprSoundTask,
  protocol: Protocol,
  { seed, secondsOf }: { seed: number; secondsOf: SecondsOf },
): SprSoundSplit {
  if (task.level !== "record") throw new RangeError(`windows are labelled for tasks 21 and 22, not for ${task.id}`);
  return splitOf(data, task, protocol, {
    seed,
    name: `sprsound/${task.id}-windows/${protocol}`,
    unit: "clips",
    examples: (recordings, role) => windowExamplesOf(recordings, task, role, secondsOf),
  });
}

/** The windows of a recording as items whose features can be computed, in order. */
export function windowItemsOf(
  { id, file }: Pick<Item, "id" | "file">,
  secondsOf: SecondsOf,
  options: WindowOptions = {},
): Item[] {
  return windowsOf(secondsOf({ file }), options).map(({ startSeconds, endSeconds }) => {
    const bounds = { startSeconds, endSeconds };
    return { id: `${id}@${inMs(bounds)}`, recording: id, file, ...bounds };
  });
}

function inMs({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): string {
  return `${Math.round(startSeconds * 1000)}-${Math.round(endSeconds * 1000)}`;
}
