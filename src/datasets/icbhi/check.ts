import { type AudioRead, audioRead, readableSounds, reportLevels, reportTwins } from "../audioFindings.js";
import { type CheckOptions, type ScannedSound, scanAudio } from "../audioScan.js";
import type { Problem } from "../problem.js";
import { gatherNotes, ProblemList } from "../problemList.js";
import { countIcbhi } from "./counts.js";
import { DIAGNOSES, type Diagnosis } from "./diagnoses.js";
import { FOLDS } from "./foldList.js";
import { type CycleLabel, ICBHI_DEVICES, type IcbhiDevice } from "./labels.js";
import { findIcbhi, LIST_FILES } from "./layout.js";
import type { IcbhiLists } from "./lists.js";
import type { IcbhiRecording } from "./recording.js";
import { scanIcbhi } from "./scan.js";

/** Counts of some recordings, and of those among them whose sound is at hand. */
export interface IcbhiCheckCounts extends Counts {
  withAudio: Counts & { durationSeconds?: number };
}

export interface DeviceCounts extends IcbhiCheckCounts {
  /** Recordings by form, such as "44100 Hz, 24 bits"; known where the audio was read. */
  formats?: Record<string, number>;
}

interface Counts {
  recordings: number;
  patients: number;
  events: number;
  byClass: Record<CycleLabel, number>;
}

/** What `data check icbhi --json` prints; an event is a breathing cycle. */
export interface IcbhiCheck extends IcbhiCheckCounts {
  name: "icbhi";
  madeUp: boolean;
  byDevice: Record<IcbhiDevice, DeviceCounts>;
  /** The sides of the official split, and what each fold tests; those whose list is there. */
  bySplit: Partial<Record<SplitPart, IcbhiCheckCounts>>;
  /** Patients, where the list is there. */
  byDiagnosis?: Record<Diagnosis, number>;
  /** Whether the sounds were read, and what that cost. */
  audio: AudioRead;
  problems: Problem[];
}

export type SplitPart = "officialTrain" | "officialTest" | `fold${(typeof FOLDS)[number]}`;

/** Rates with which each device's recordings are published (papers.md 0.1). */
const PUBLISHED_RATES_HZ: Readonly<Record<IcbhiDevice, readonly number[]>> = {
  AKGC417L: [44100],
  Meditron: [44100, 10000, 4000],
  LittC2SE: [44100],
  Litt3200: [4000],
};
/** Cycles of the release last 0.2 to 16.2 s (papers.md 0.1). */
const PLAUSIBLE_SECONDS = { least: 0.1, most: 20 } as const;
/** Bounds have a thousandth of a second, and sounds that were resampled may lose a frame. */
const END_TOLERANCE_SECONDS = 0.002;

/**
 * Reads and validates everything in one pass: annotations, names, the publisher's lists and how they fit together, and with
 * the audio also headers, levels, bounds of cycles and recordings that are there twice. What is the same in many files is
 * told once with a count.
 *
 * @param dataDir the folder that holds `icbhi/`, or that folder itself
 * @throws UserError only when there is no data set; what is wrong with its files is in `problems`. DOMException
 *   (AbortError) when the signal is aborted.
 */
export async function checkIcbhi(
  dataDir: string,
  { audio = true, ...options }: CheckOptions = {},
): Promise<IcbhiCheck> {
  const layout = findIcbhi(dataDir);
  const { recordings, lists, problems: found } = scanIcbhi(layout);
  const problems = new ProblemList(layout.root);
  for (const [list, why] of [
    ["officialSplit", "so the official split cannot be made"],
    ["folds", "so the folds cannot be made"],
  ] as const) {
    if (!layout.lists[list]) problems.add(LIST_FILES[list][0]!, `is missing, ${why}`, "warning");
  }
  for (const recording of recordings) checkCycles(recording, problems);

  const files = recordings.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const scan = audio ? await scanAudio(files, options) : undefined;
  const sounds = scan && readableSounds(scan, problems);
  if (sounds) {
    const known = recordings.flatMap((recording) => {
      const sound = recording.file === undefined ? undefined : sounds.get(recording.file);
      return sound ? [{ recording, file: recording.file!, sound }] : [];
    });
    for (const { recording, file, sound } of known) checkSound(recording, file, sound, problems);
    reportLevels(sounds, problems);
    const twins = known.map(({ recording, file, sound }) => {
      const fold = lists.folds?.folds.get(recording.patient)?.fold;
      const groups = { "official side": recording.officialSide, fold: fold === undefined ? undefined : String(fold) };
      return { file, sha256: sound.sha256, groups };
    });
    reportTwins(twins, layout.root, problems);
  }

  const count = (some: readonly IcbhiRecording[]) => countAll(some, sounds);
  return {
    name: "icbhi",
    madeUp: layout.madeUp,
    ...count(recordings),
    byDevice: Object.fromEntries(
      ICBHI_DEVICES.map((device) => {
        const of = recordings.filter((recording) => recording.device === device);
        return [device, { ...count(of), ...(sounds ? { formats: countFormats(of, sounds) } : {}) }];
      }),
    ) as IcbhiCheck["byDevice"],
    bySplit: splitParts(recordings, lists, count),
    ...(lists.diagnoses ? { byDiagnosis: countDiagnoses(recordings, lists.diagnoses.patients) } : {}),
    audio: audioRead(scan),
    problems: gatherNotes([...found, ...problems.list()]),
  };
}

function checkCycles({ annotationFile, cycles }: IcbhiRecording, problems: ProblemList): void {
  for (const { startSeconds, endSeconds, line } of cycles) {
    const seconds = endSeconds - startSeconds;
    if (seconds >= PLAUSIBLE_SECONDS.least && seconds <= PLAUSIBLE_SECONDS.most) continue;
    const what = `the cycle lasts ${Number(seconds.toFixed(3))} s; those of the release last 0.2 to 16.2 s`;
    problems.add(annotationFile, what, "warning", line);
  }
}

/** The header, and the annotation against it. */
function checkSound(
  { device, annotationFile, cycles }: IcbhiRecording,
  file: string,
  { header, durationSeconds }: ScannedSound,
  problems: ProblemList,
): void {
  for (const warning of header.warnings) problems.gather(file, warning, "note");
  const rates = PUBLISHED_RATES_HZ[device];
  if (!rates.includes(header.sampleRateHz)) {
    // Everything that is used lies below 2 kHz, which 4 kHz still hold.
    const severity = header.sampleRateHz < 4000 ? "warning" : "note";
    const what = `${header.sampleRateHz} Hz; recordings of ${device} are published with ${rates.join(", ")} Hz`;
    problems.gather(file, what, severity);
  }
  if (header.channels !== 1) {
    problems.gather(file, `${header.channels} channels, whose mean is used; ICBHI has one`, "warning");
  }
  const seconds = Number(durationSeconds.toFixed(3));
  for (const { startSeconds, endSeconds, line } of cycles) {
    if (startSeconds >= durationSeconds) {
      const what = `the cycle starts at ${startSeconds} s, beyond the recording of ${seconds} s`;
      problems.add(annotationFile, what, "error", line);
    } else if (endSeconds > durationSeconds + END_TOLERANCE_SECONDS) {
      const what = `the cycle ends at ${endSeconds} s, beyond the recording of ${seconds} s, where it is cut`;
      problems.add(annotationFile, what, "warning", line);
    }
  }
}

function countAll(
  recordings: readonly IcbhiRecording[],
  sounds: ReadonlyMap<string, ScannedSound> | undefined,
): IcbhiCheckCounts {
  const present = recordings.filter(({ file }) => file !== undefined);
  const total = present.reduce((sum, { file }) => sum + (sounds?.get(file!)?.durationSeconds ?? 0), 0);
  const duration = sounds ? { durationSeconds: Math.round(total * 1000) / 1000 } : {};
  return { ...countsOf(recordings), withAudio: { ...countsOf(present), ...duration } };
}

/** The most frequent form first. */
function countFormats(
  recordings: readonly IcbhiRecording[],
  sounds: ReadonlyMap<string, ScannedSound>,
): Record<string, number> {
  const formats = new Map<string, number>();
  for (const { file } of recordings) {
    const header = file === undefined ? undefined : sounds.get(file)?.header;
    if (!header) continue;
    const form = `${header.sampleRateHz} Hz, ${header.bitsPerSample} bits`;
    formats.set(form, (formats.get(form) ?? 0) + 1);
  }
  return Object.fromEntries([...formats].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function countsOf(recordings: readonly IcbhiRecording[]): Counts {
  const { recordings: count, patients, cycles, byClass } = countIcbhi(recordings);
  return { recordings: count, patients, events: cycles, byClass };
}

function splitParts(
  recordings: readonly IcbhiRecording[],
  lists: IcbhiLists,
  count: (some: readonly IcbhiRecording[]) => IcbhiCheckCounts,
): IcbhiCheck["bySplit"] {
  const parts: IcbhiCheck["bySplit"] = {};
  if (lists.officialSplit) {
    parts.officialTrain = count(recordings.filter(({ officialSide }) => officialSide === "train"));
    parts.officialTest = count(recordings.filter(({ officialSide }) => officialSide === "test"));
  }
  const folds = lists.folds?.folds;
  if (folds) {
    for (const fold of FOLDS) {
      parts[`fold${fold}`] = count(recordings.filter(({ patient }) => folds.get(patient)?.fold === fold));
    }
  }
  return parts;
}

function countDiagnoses(
  recordings: readonly IcbhiRecording[],
  diagnoses: ReadonlyMap<string, Diagnosis>,
): Record<Diagnosis, number> {
  const patients = new Set(recordings.map(({ patient }) => patient));
  const has = (diagnosis: Diagnosis) => [...patients].filter((patient) => diagnoses.get(patient) === diagnosis).length;
  return Object.fromEntries(DIAGNOSES.map((diagnosis) => [diagnosis, has(diagnosis)])) as Record<Diagnosis, number>;
}
