import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { readWavHeader, type WavHeader } from "../../audio/wav.js";
import { UserError } from "../../userError.js";
import type { Problem } from "../problem.js";
import { type EventType, type RecordLabel, recordLabelFromEvents, type SprSoundSet } from "./labels.js";
import { findSprSound } from "./layout.js";
import { countSets, relative, type SetCounts, type SprSoundRecording, scanSprSound } from "./load.js";

/** What `data check sprsound --json` prints. */
export interface SprSoundCheck {
  name: "sprsound";
  madeUp: boolean;
  recordings: number;
  patients: number;
  events: number;
  byClass: { record: Record<RecordLabel, number>; event: Record<EventType, number> };
  bySplit: Partial<Record<SprSoundSet, SetCounts & { durationSeconds: number }>>;
  problems: Problem[];
}

/** The release of 2022 has these two lengths but for five files (papers.md 0.2). */
const USUAL_SECONDS = [9.216, 15.36];
/** Enough of a file to see its header in all but odd cases; two recordings that begin alike are compared by it too. */
const HEAD_BYTES = 4096;

/**
 * Reads and validates everything in one pass: annotations, pairs, names, WAV headers (not the samples), bounds of events,
 * labels against events, patients against sets. What is the same in many files is told once with a count.
 *
 * @param dataDir the folder that holds `sprsound/`, or that folder itself
 * @throws UserError only when there is no data set; what is wrong with its files is in `problems`
 */
export function checkSprSound(dataDir: string): SprSoundCheck {
  const layout = findSprSound(dataDir);
  const { recordings, problems: found } = scanSprSound(layout);
  const problems = new ProblemList(layout.root);
  const seconds = new Map<string, number>();
  const heads = new Map<string, string>();

  for (const recording of recordings) {
    const { name, file, annotationFile, events, recordLabel } = recording;
    const read = readHead(file, relative(layout.root, file));
    if ("error" in read) {
      problems.add(file, read.error, "error");
      continue;
    }
    const { header, head } = read;
    const durationSeconds = header.frames / header.sampleRateHz;
    seconds.set(name, durationSeconds);
    for (const warning of header.warnings) problems.gather(file, warning, "note");
    if (header.sampleRateHz !== 8000 || header.channels !== 1 || header.bitsPerSample !== 16) {
      const form = `${header.sampleRateHz} Hz, ${header.channels} channel(s), ${header.bitsPerSample} bits`;
      problems.gather(file, `${form}; SPRSound has 8000 Hz, 1 channel, 16 bits`, "warning");
    }
    if (!USUAL_SECONDS.includes(durationSeconds)) {
      problems.add(file, `lasts ${durationSeconds} s; most last 9.216 or 15.36 s`, "note");
    }
    const twin = heads.get(head);
    if (twin) problems.add(file, `is the same sound as ${twin}, by size, beginning and end`, "warning");
    else heads.set(head, `${recording.set}/${name}`);

    const ruled = recordLabelFromEvents(events.map(({ type }) => type));
    if (ruled !== recordLabel) {
      problems.add(annotationFile, `the record is labelled "${recordLabel}", its events make it "${ruled}"`, "warning");
    }
    checkEvents(recording, durationSeconds, problems);
  }
  checkPatients(
    recordings,
    layout.sets.map(({ set }) => set),
    problems,
  );

  const counts = countSets(recordings);
  const bySplit: SprSoundCheck["bySplit"] = {};
  for (const [set, of] of Object.entries(counts) as [SprSoundSet, SetCounts][]) {
    const inSet = recordings.filter((recording) => recording.set === set);
    const total = inSet.reduce((sum, { name }) => sum + (seconds.get(name) ?? 0), 0);
    bySplit[set] = { ...of, durationSeconds: Math.round(total * 1000) / 1000 };
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
    problems: [...found, ...problems.list()],
  };
}

function checkEvents(recording: SprSoundRecording, durationSeconds: number, problems: ProblemList): void {
  const { annotationFile, events } = recording;
  const places = new Set<string>();
  events.forEach(({ startSeconds, endSeconds, type }, index) => {
    const which = `event ${index + 1} (${type}, ${startSeconds} to ${endSeconds} s)`;
    // Bounds are in whole milliseconds, so the end may be rounded up by one.
    if (startSeconds >= durationSeconds) {
      problems.add(annotationFile, `${which} starts beyond the recording of ${durationSeconds} s`, "error");
    } else if (endSeconds > durationSeconds + 0.001) {
      problems.add(annotationFile, `${which} ends beyond the recording of ${durationSeconds} s`, "error");
    }
    const place = `${startSeconds} ${endSeconds}`;
    if (places.has(place)) problems.add(annotationFile, `${which} is there twice`, "warning");
    places.add(place);
  });
  const sorted = [...events].sort((a, b) => a.startSeconds - b.startSeconds);
  const overlaps = sorted.filter((event, i) => i > 0 && event.startSeconds < sorted[i - 1]!.endSeconds).length;
  if (overlaps > 0) problems.add(annotationFile, `${overlaps} event(s) begin before the one before ends`, "warning");
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

/** The header and a fingerprint of size, beginning and end; or why the file cannot be read. */
function readHead(file: string, name: string): { header: WavHeader; head: string } | { error: string } {
  const handle = openSync(file, "r");
  let fileBytes = 0;
  const bytes = Buffer.alloc(HEAD_BYTES);
  const tail = Buffer.alloc(HEAD_BYTES);
  let length = 0;
  try {
    length = readSync(handle, bytes, 0, HEAD_BYTES, 0);
    fileBytes = fstatSync(handle).size;
    readSync(handle, tail, 0, HEAD_BYTES, Math.max(0, fileBytes - HEAD_BYTES));
  } finally {
    closeSync(handle);
  }
  const head = createHash("sha256").update(`${fileBytes} `).update(bytes).update(tail).digest("hex");
  try {
    return { header: readWavHeader(bytes.subarray(0, length), name, fileBytes), head };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  try {
    return { header: readWavHeader(readFileSync(file), name), head }; // the samples may start far into the file
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: error.message.replace(`${name}: `, "") };
  }
}

function addUp<T extends string>(parts: readonly Record<T, number>[]): Record<T, number> {
  const sum = {} as Record<T, number>;
  for (const part of parts) {
    for (const [name, count] of Object.entries(part) as [T, number][]) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}

/** Problems in the order found; `gather` tells the same one once, with a count. */
class ProblemList {
  private readonly root: string;
  private readonly problems: Problem[] = [];
  private readonly gathered = new Map<string, Problem>();

  constructor(root: string) {
    this.root = root;
  }

  add(file: string, what: string, severity: Problem["severity"]): void {
    this.problems.push({ file: this.place(file), what, severity });
  }

  gather(file: string, what: string, severity: Problem["severity"]): void {
    const known = this.gathered.get(what);
    if (known) {
      known.count = (known.count ?? 1) + 1;
      return;
    }
    const problem: Problem = { file: this.place(file), what, severity, count: 1 };
    this.gathered.set(what, problem);
    this.problems.push(problem);
  }

  list(): Problem[] {
    return this.problems;
  }

  private place(file: string): string {
    return file.startsWith(this.root) ? relative(this.root, file) : file;
  }
}
