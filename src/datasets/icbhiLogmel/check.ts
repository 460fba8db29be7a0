import { createHash } from "node:crypto";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { NpyFile } from "../../node/npy.js";
import { UserError } from "../../userError.js";
import type { AudioRead } from "../audioFindings.js";
import type { CheckOptions } from "../audioScan.js";
import { readText } from "../files.js";
import { parseIcbhiName } from "../icbhi/fileName.js";
import { FOLDS } from "../icbhi/foldList.js";
import { CYCLE_LABELS, type CycleLabel, ICBHI_DEVICES, type IcbhiDevice } from "../icbhi/labels.js";
import { findIcbhi } from "../icbhi/layout.js";
import { type IcbhiScan, scanIcbhi } from "../icbhi/scan.js";
import type { Problem } from "../problem.js";
import { ProblemList } from "../problemList.js";
import { BANDS, FRAMES, INDEX_FILE, MAPS_FILE } from "./format.js";
import { type LogmelRow, parseLogmelIndex } from "./indexFile.js";
import { findIcbhiLogmel, loadIcbhiLogmel } from "./load.js";
import { compareWithAnnotations } from "./match.js";

export interface LogmelCounts {
  recordings: number;
  patients: number;
  events: number;
  byClass: Record<CycleLabel, number>;
}

/** What `data check icbhi-logmel --json` prints; an event is a breathing cycle, which is a row of the index. */
export interface IcbhiLogmelCheck extends LogmelCounts {
  name: "icbhi-logmel";
  byDevice: Record<IcbhiDevice, LogmelCounts>;
  /** The official sides by the index; what each fold tests, where its list is there. */
  bySplit: Record<string, LogmelCounts>;
  /** Whether the maps were read, and what that cost. */
  audio: AudioRead;
  problems: Problem[];
}

/** Maps between two looks at the clock and at Ctrl-C. */
const MAPS_AT_A_TIME = 200;
/** The largest value of every map: 0 dB, since levels are relative to it. */
const LARGEST = 255;

/**
 * Reads and validates the stored maps in one pass: the index, its rows against annotations and official list where those
 * are there, and the maps themselves: their number, their largest value, maps that are there twice.
 *
 * @param dataDir the folder that holds `icbhi/`, or the folder of the maps itself
 * @param options `audio: false` leaves the maps unread
 * @throws UserError only when there are no maps; what is wrong with them is in `problems`. DOMException (AbortError) when
 *   the signal is aborted.
 */
export async function checkIcbhiLogmel(
  dataDir: string,
  { audio = true, ...options }: CheckOptions = {},
): Promise<IcbhiLogmelCheck> {
  const root = findIcbhiLogmel(dataDir);
  if (!root) {
    loadIcbhiLogmel(dataDir); // says where it looked
    throw new UserError(`no ${MAPS_FILE} in ${dataDir}`);
  }
  const problems = new ProblemList(root);
  const indexFile = path.join(root, INDEX_FILE);
  const rows = readIndex(indexFile, problems);
  const annotations = readAnnotations(dataDir, indexFile, problems);
  if (annotations) {
    for (const { what, line } of compareWithAnnotations({ rows }, annotations.recordings)) {
      problems.add(indexFile, what, "error", line);
    }
    const mapped = new Set(rows.map(({ id }) => id));
    const bare = annotations.recordings.flatMap(({ name, cycles }) =>
      cycles.flatMap((_, index) => (mapped.has(`${name}#${index}`) ? [] : [`${name}#${index}`])),
    );
    if (bare.length > 0) {
      const what = `has no map of ${bare.length.toLocaleString("en")} annotated cycles, the first ${bare[0]}`;
      problems.add(indexFile, what, "warning");
    }
  }
  const read = await readMaps(path.join(root, MAPS_FILE), indexFile, rows, audio, problems, options);

  const folds = annotations?.lists.folds?.folds;
  const some = (keep: (row: LogmelRow) => boolean) => countRows(rows.filter(keep));
  const bySplit: IcbhiLogmelCheck["bySplit"] = {
    officialTrain: some(({ officialSide }) => officialSide === "train"),
    officialTest: some(({ officialSide }) => officialSide === "test"),
  };
  for (const fold of folds ? FOLDS : []) {
    bySplit[`fold${fold}`] = some((row) => folds!.get(patientOf(row))?.fold === fold);
  }
  const device = (wanted: IcbhiDevice) => some(({ recording }) => parseIcbhiName(recording)?.device === wanted);
  return {
    name: "icbhi-logmel",
    ...countRows(rows),
    byDevice: Object.fromEntries(ICBHI_DEVICES.map((one) => [one, device(one)])) as IcbhiLogmelCheck["byDevice"],
    bySplit,
    audio: read,
    problems: problems.list(),
  };
}

function readIndex(file: string, problems: ProblemList): LogmelRow[] {
  try {
    const { rows, problems: found } = parseLogmelIndex(readText(file));
    for (const { what, severity, line } of found) problems.add(file, what, severity, line);
    return rows;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.add(file, error.message, "error");
    return [];
  }
}

/** Annotations and lists beside the maps; what is wrong with those is told by the check of their own. */
function readAnnotations(dataDir: string, indexFile: string, problems: ProblemList): IcbhiScan | undefined {
  try {
    return scanIcbhi(findIcbhi(dataDir));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.add(indexFile, "was not compared with annotations, of which there are none beside it", "note");
    return undefined;
  }
}

/** Compares the file of maps with the index, and reads every map where wanted. */
async function readMaps(
  file: string,
  indexFile: string,
  rows: readonly LogmelRow[],
  wanted: boolean,
  problems: ProblemList,
  { onProgress, signal }: CheckOptions,
): Promise<AudioRead> {
  const start = performance.now();
  let maps: NpyFile<"uint8">;
  try {
    maps = new NpyFile(file, "uint8");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.add(file, error.message.replace(`${file}: `, ""), "error");
    return { read: false };
  }
  try {
    const [count = 0, ...shape] = maps.shape;
    if (shape.length !== 2 || shape[0] !== BANDS || shape[1] !== FRAMES || count !== rows.length) {
      const expected = `(${rows.length}, ${BANDS}, ${FRAMES}), the first being the rows of ${INDEX_FILE}`;
      problems.add(file, `has shape (${maps.shape.join(", ")}); expected ${expected}`, "error");
      return { read: false };
    }
    if (!wanted) return { read: false };
    const map = new Uint8Array(BANDS * FRAMES);
    const first = new Map<string, LogmelRow>();
    const secondsNow = () => (performance.now() - start) / 1000;
    for (const [index, row] of rows.entries()) {
      if (index % MAPS_AT_A_TIME === 0) {
        await setImmediate();
        signal?.throwIfAborted();
        onProgress?.({ files: index, ofFiles: rows.length, bytes: index * map.length, seconds: secondsNow() });
      }
      maps.read(index, map);
      if (!map.includes(LARGEST)) {
        const largest = map.reduce((a, b) => Math.max(a, b), 0);
        const what = `the map's largest value is ${largest}; it should be ${LARGEST}, since levels are relative to it`;
        problems.add(indexFile, what, "warning", row.line);
      }
      const digest = createHash("sha256").update(map).digest("hex");
      const twin = first.get(digest);
      if (twin) problems.add(indexFile, `the map is the same as that of line ${twin.line}`, "warning", row.line);
      else first.set(digest, row);
    }
    const seconds = secondsNow();
    const bytes = rows.length * map.length;
    const megabytesPerSecond = Math.round(bytes / 1e6 / Math.max(seconds, 1e-9));
    return { read: true, files: rows.length, bytes, seconds: Math.round(seconds * 1000) / 1000, megabytesPerSecond };
  } finally {
    maps.close();
  }
}

function patientOf({ recording }: LogmelRow): string {
  return recording.slice(0, recording.indexOf("_"));
}

function countRows(rows: readonly LogmelRow[]): LogmelCounts {
  const of = (wanted: CycleLabel) => rows.filter(({ label }) => label === wanted).length;
  return {
    recordings: new Set(rows.map(({ recording }) => recording)).size,
    patients: new Set(rows.map(patientOf)).size,
    events: rows.length,
    byClass: Object.fromEntries(CYCLE_LABELS.map((label) => [label, of(label)])) as LogmelCounts["byClass"],
  };
}
