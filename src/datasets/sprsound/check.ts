import { type AudioRead, audioRead, readableSounds, reportLevels, reportTwins } from "../audioFindings.js";
import { type CheckOptions, type ScannedSound, scanAudio } from "../audioScan.js";
import { readText } from "../files.js";
import type { Problem } from "../problem.js";
import { ProblemList } from "../problemList.js";
import { eventLine } from "./annotation.js";
import { type EventType, type RecordLabel, recordLabelFromEvents, type SprSoundSet } from "./labels.js";
import { findSprSound } from "./layout.js";
import { countSets, type SetCounts, type SprSoundRecording, scanSprSound } from "./load.js";

/** What `data check sprsound --json` prints. */
export interface SprSoundCheck {
  name: "sprsound";
  madeUp: boolean;
  recordings: number;
  patients: number;
  events: number;
  byClass: { record: Record<RecordLabel, number>; event: Record<EventType, number> };
  /** Durations are those of the recordings, which are known where the audio was read. */
  bySplit: Partial<Record<SprSoundSet, SetCounts & { durationSeconds?: number }>>;
  /** Whether the sounds were read, and what that cost. */
  audio: AudioRead;
  problems: Problem[];
}

/** The release of 2022 has these two lengths but for five files (papers.md 0.2). */
const USUAL_SECONDS = [9.216, 15.36];
/** The set was recorded in a children's hospital. */
const OLDEST_YEARS = 18;

/**
 * Reads and validates everything in one pass: annotations, pairs, names, labels against events, patients against sets, and
 * with the audio also headers, levels, bounds of events and recordings that are there twice. What is the same in many files
 * is told once with a count.
 *
 * @param dataDir the folder that holds `sprsound/`, or that folder itself
 * @throws UserError only when there is no data set; what is wrong with its files is in `problems`. DOMException
 *   (AbortError) when the signal is aborted.
 */
export async function checkSprSound(
  dataDir: string,
  { audio = true, ...options }: CheckOptions = {},
): Promise<SprSoundCheck> {
  const layout = findSprSound(dataDir);
  const { recordings, problems: found } = scanSprSound(layout);
  const problems = new ProblemList(layout.root);
  for (const recording of recordings) checkAnnotation(recording, problems);
  checkPatients(
    recordings,
    layout.sets.map(({ set }) => set),
    problems,
  );

  const scan = audio
    ? await scanAudio(
        recordings.map(({ file }) => file),
        options,
      )
    : undefined;
  const sounds = scan && readableSounds(scan, problems);
  if (sounds) {
    for (const recording of recordings) {
      const sound = sounds.get(recording.file);
      if (sound) checkSound(recording, sound, problems);
    }
    reportLevels(sounds, problems);
    const twins = recordings.flatMap(({ file, set }) => {
      const sound = sounds.get(file);
      return sound ? [{ file, sha256: sound.sha256, groups: { set } }] : [];
    });
    reportTwins(twins, layout.root, problems);
  }

  const counts = countSets(recordings);
  const bySplit: SprSoundCheck["bySplit"] = {};
  for (const [set, of] of Object.entries(counts) as [SprSoundSet, SetCounts][]) {
    const inSet = recordings.filter((recording) => recording.set === set);
    const total = inSet.reduce((sum, { file }) => sum + (sounds?.get(file)?.durationSeconds ?? 0), 0);
    bySplit[set] = { ...of, ...(sounds ? { durationSeconds: Math.round(total * 1000) / 1000 } : {}) };
  }
  const all = Object.values(counts);
  return {
    name: "sprsound",
    madeUp: layout.madeUp,
    recordings: recordings.length,
    patients: new Set(recordings.map(({ patient }) => patient)).size,
    events: all.reduce((sum, { events }) => sum + events, 0),
    byClass: { record: addUp(all.map(({ records }) => records)), event: addUp(all.map((of) => of.eventTypes)) },
    bySplit,
    audio: audioRead(scan),
    problems: [...found, ...problems.list()],
  };
}

/** What the annotation and the name tell without the sound. */
function checkAnnotation(recording: SprSoundRecording, problems: ProblemList): void {
  const { annotationFile, ageYears, events, recordLabel } = recording;
  if (ageYears > OLDEST_YEARS) {
    problems.add(annotationFile, `its patient is ${ageYears} years old by its name; SPRSound has children`, "warning");
  }
  const ruled = recordLabelFromEvents(events.map(({ type }) => type));
  if (ruled !== recordLabel) {
    problems.add(annotationFile, `the record is labelled "${recordLabel}", its events make it "${ruled}"`, "warning");
  }
  const places = new Set<string>();
  events.forEach((event, index) => {
    const place = `${event.startSeconds} ${event.endSeconds}`;
    if (places.has(place)) {
      problems.add(annotationFile, `${nameOf(event, index)} is there twice`, "warning", lineOf(recording, index));
    }
    places.add(place);
  });
  const order = events.map((_, index) => index).sort((a, b) => events[a]!.startSeconds - events[b]!.startSeconds);
  const overlaps = order.filter((event, i) => i > 0 && events[event]!.startSeconds < events[order[i - 1]!]!.endSeconds);
  if (overlaps.length > 0) {
    const what = `${overlaps.length} event(s) begin before the one before ends`;
    problems.add(annotationFile, what, "warning", lineOf(recording, overlaps[0]!));
  }
}

/** The header, and the annotation against it. */
function checkSound(
  recording: SprSoundRecording,
  { header, durationSeconds }: ScannedSound,
  problems: ProblemList,
): void {
  const { file, annotationFile, events } = recording;
  for (const warning of header.warnings) problems.gather(file, warning, "note");
  if (header.sampleRateHz !== 8000 || header.channels !== 1 || header.bitsPerSample !== 16) {
    const form = `${header.sampleRateHz} Hz, ${header.channels} channel(s), ${header.bitsPerSample} bits`;
    problems.gather(file, `${form}; SPRSound has 8000 Hz, 1 channel, 16 bits`, "warning");
  }
  if (!USUAL_SECONDS.includes(durationSeconds)) {
    problems.add(file, `lasts ${durationSeconds} s; most last 9.216 or 15.36 s`, "note");
  }
  events.forEach((event, index) => {
    // Bounds are in whole milliseconds, so the end may be rounded up by one.
    if (event.endSeconds <= durationSeconds + 0.001 && event.startSeconds < durationSeconds) return;
    const where = event.startSeconds >= durationSeconds ? "starts" : "ends";
    const what = `${nameOf(event, index)} ${where} beyond the recording of ${durationSeconds} s`;
    problems.add(annotationFile, what, "error", lineOf(recording, index));
  });
}

function nameOf({ type, startSeconds, endSeconds }: SprSoundRecording["events"][number], index: number): string {
  return `event ${index + 1} (${type}, ${startSeconds} to ${endSeconds} s)`;
}

/** Looked for where it is needed only: most files are right. */
function lineOf({ annotationFile }: SprSoundRecording, index: number): number | undefined {
  return eventLine(readText(annotationFile), index);
}

/** inter holds unseen patients only; intra only patients of the training set (papers.md 0.2). */
function checkPatients(
  recordings: readonly SprSoundRecording[],
  sets: readonly SprSoundSet[],
  problems: ProblemList,
): void {
  const training = new Set(recordings.filter(({ set }) => set === "train2022").map(({ patient }) => patient));
  for (const { set, patient, annotationFile } of recordings) {
    if (set === "inter2022" && training.has(patient)) {
      problems.gather(annotationFile, "its patient is in the training set; those of inter2022 must be unseen", "error");
    }
    if (set === "intra2022" && !training.has(patient)) {
      problems.gather(annotationFile, "its patient is not in the training set; those of intra2022 must be", "warning");
    }
  }
  for (const set of ["inter2022", "intra2022"] as const) {
    if (sets.includes(set) && recordings.some((recording) => recording.set === set)) continue;
    const where = `BioCAS2022/test2022_json/${set.slice(0, 5)}_test_json`;
    problems.add(where, `the test set ${set} is missing, so nothing can be evaluated on it`, "error");
  }
}

function addUp<T extends string>(parts: readonly Record<T, number>[]): Record<T, number> {
  const sum = {} as Record<T, number>;
  for (const part of parts) {
    for (const [name, count] of Object.entries(part) as [T, number][]) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
