import { createHash } from "node:crypto";
import path from "node:path";
import { fileDigests } from "../../node/fileDigests.js";
import { UserError } from "../../userError.js";
import { filesIn, fileTrouble, pathBelow, readText } from "../files.js";
import { type Problem, throwErrors } from "../problem.js";
import { AnnotationError, parseSprSoundAnnotation, type SprSoundEvent } from "./annotation.js";
import { parseSprSoundName, SPRSOUND_NAME_FORM } from "./fileName.js";
import { EVENT_TYPES, type EventType, RECORD_LABELS, type RecordLabel, type SprSoundSet } from "./labels.js";
import { findSprSound, type SetFolders, type SprSoundLayout } from "./layout.js";

export interface SprSoundRecording {
  /** Base name without ending, unique over all sets. */
  readonly name: string;
  readonly file: string;
  readonly annotationFile: string;
  readonly set: SprSoundSet;
  readonly patient: string;
  readonly ageYears: number;
  readonly gender: "male" | "female";
  /** p1 to p8, see `SprSoundName`. */
  readonly location: string;
  readonly recordLabel: RecordLabel;
  /** In the order of the annotation file. */
  readonly events: readonly SprSoundEvent[];
}

/** Counts of one of the publisher's sets; classes without any are there with 0. */
export interface SetCounts {
  recordings: number;
  patients: number;
  events: number;
  records: Record<RecordLabel, number>;
  eventTypes: Record<EventType, number>;
}

export interface SprSound {
  /** The folder that holds the releases. */
  readonly root: string;
  /** True for a set written by `data demo`; whatever is computed from it says so. */
  readonly madeUp: boolean;
  /** Sets in fixed order, recordings by name. */
  readonly recordings: readonly SprSoundRecording[];
  /** 32 hex digits over names, labels, events and the content of each recording. Reads them all when first asked for. */
  readonly digest: string;
  /** By set; sets that are not there are missing. */
  readonly counts: Readonly<Partial<Record<SprSoundSet, SetCounts>>>;
  /** Warnings and notes; errors are thrown. */
  readonly problems: readonly Problem[];
}

/**
 * Reads all annotations of SPRSound and pairs them with their recordings, without opening those.
 * @param dataDir the folder that holds `sprsound/`, or that folder itself
 * @throws UserError when there is nothing, and when anything read is wrong, with the first few files and reasons
 */
export function loadSprSound(dataDir: string): SprSound {
  const layout = findSprSound(dataDir);
  const { recordings, problems } = scanSprSound(layout);
  const errors = problems.filter(({ severity }) => severity === "error");
  throwErrors(`SPRSound in ${layout.root} cannot be used`, errors, "auscult data check sprsound");
  let digest: string | undefined;
  return {
    root: layout.root,
    madeUp: layout.madeUp,
    recordings,
    // Computed when it is asked for: it reads every recording, where all else reads annotations.
    get digest() {
      digest ??= digestOf(recordings);
      return digest;
    },
    counts: countSets(recordings),
    problems,
  };
}

/** Everything that can be read, and what is wrong with the rest; throws nothing for a wrong file. */
export function scanSprSound(layout: SprSoundLayout): { recordings: SprSoundRecording[]; problems: Problem[] } {
  const recordings: SprSoundRecording[] = [];
  const problems: Problem[] = [];
  const report = (file: string, what: string, severity: Problem["severity"] = "error", line?: number) =>
    problems.push({ file: pathBelow(layout.root, file), ...(line === undefined ? {} : { line }), what, severity });
  for (const { file, what } of layout.odd) report(file, what);

  const firstPlace = new Map<string, string>();
  for (const folders of layout.sets) {
    for (const jsonName of filesIn(folders.json, ".json", report)) {
      const annotationFile = path.join(folders.json, jsonName);
      const name = jsonName.slice(0, -".json".length);
      const earlier = firstPlace.get(name);
      if (earlier) {
        report(annotationFile, `the same recording is annotated in ${pathBelow(layout.root, earlier)} too`, "error");
        continue;
      }
      firstPlace.set(name, annotationFile);
      try {
        recordings.push(readRecording(folders, name, annotationFile));
      } catch (error) {
        if (!(error instanceof AnnotationError || error instanceof UserError)) throw error;
        report(annotationFile, error.message, "error", error instanceof AnnotationError ? error.line : undefined);
      }
    }
  }

  for (const wavFolder of new Set(layout.sets.map(({ wav }) => wav))) {
    const annotated = (wav: string) => firstPlace.has(path.basename(wav).slice(0, -".wav".length));
    const odd = (wav: string, what: string) => {
      if (!annotated(wav)) report(wav, what); // else it was told with its annotation
    };
    for (const wavName of filesIn(wavFolder, ".wav", odd)) {
      if (annotated(wavName)) continue;
      const what = "has no annotation (.json of the same name), so it is not used";
      report(path.join(wavFolder, wavName), what, "warning");
    }
  }
  return { recordings, problems };
}

function readRecording(folders: SetFolders, name: string, annotationFile: string): SprSoundRecording {
  const fields = parseSprSoundName(name);
  if (!fields) throw new AnnotationError(`the name is not of the form ${SPRSOUND_NAME_FORM}`);
  const { patient, ageYears, gender, location } = fields;
  const { recordLabel, events } = parseSprSoundAnnotation(readText(annotationFile));
  const file = path.join(folders.wav, `${name}.wav`);
  const trouble = fileTrouble(file);
  if (trouble) throw new AnnotationError(`its recording ${path.basename(folders.wav)}/${name}.wav ${trouble}`);
  const { set } = folders;
  return { name, file, annotationFile, set, patient, ageYears, gender, location, recordLabel, events };
}

/** Counts by set, in the order in which the sets come. */
export function countSets(recordings: readonly SprSoundRecording[]): Partial<Record<SprSoundSet, SetCounts>> {
  const counts: Partial<Record<SprSoundSet, SetCounts>> = {};
  const patients = new Set<string>();
  for (const { set, patient, recordLabel, events } of recordings) {
    const of = counts[set] ?? noCounts();
    counts[set] = of;
    of.recordings++;
    of.records[recordLabel]++;
    of.events += events.length;
    for (const { type } of events) of.eventTypes[type]++;
    const key = `${set} ${patient}`;
    if (!patients.has(key)) of.patients++;
    patients.add(key);
  }
  return counts;
}

function noCounts(): SetCounts {
  return { recordings: 0, patients: 0, events: 0, records: zeros(RECORD_LABELS), eventTypes: zeros(EVENT_TYPES) };
}

function zeros<T extends string>(names: readonly T[]): Record<T, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<T, number>;
}

function digestOf(recordings: readonly SprSoundRecording[]): string {
  const sounds = fileDigests(recordings.map(({ file }) => file));
  const lines = recordings.map(({ set, name, recordLabel, events }, i) =>
    JSON.stringify([set, name, sounds[i], recordLabel, events.map((e) => [e.type, e.startSeconds, e.endSeconds])]),
  );
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex").slice(0, 32);
}
