import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder, projectRoot } from "../node/paths.js";
import type { RunData, RunRequest, TunedSettings } from "../papers/paper.js";
import type { RunResult } from "../papers/runResult.js";
import type { RecordedStart } from "../papers/startingWeights.js";
import type { Precision } from "../training/runIdentity.js";
import type { RecordedSplit } from "./caveats.js";
import { isDone } from "./running/doneMarker.js";

/** The form of the files; one of another form is refused, not guessed at. */
export const RECORD_FORMAT = 1;

/** A finished run: what was asked, on what, with what, and what came out. `result.json` of its folder. */
export interface RunRecord {
  format: typeof RECORD_FORMAT;
  runId: string;
  signature: string;
  /** `init` without its folder. */
  request: Omit<RunRequest, "dataDir">;
  data: RunData;
  split: RecordedSplit;
  /** How the budget differs from the paper's; absent for the full one. */
  reduced?: string;
  /** The weights that it started from; absent: none. */
  init?: RecordedStart;
  /** The search whose settings it has. */
  tuned?: TunedSettings;
  /** What `recipeDigest` gave; absent in records from before there was one. */
  recipe?: string;
  codeRevision: string;
  threads: number;
  /** Absent in records from before it could be chosen: float32. */
  precision?: Precision;
  engine: string;
  result: RunResult;
}

export const RESULT_FILE = "result.json";
const FETCHED_FOLDER = "fetched";

/** A file that holds a run's record, and a name for it that does not depend on the machine. */
export interface RecordFile {
  name: string;
  file: string;
}

/** The record of a run folder whose run is done, else undefined. Throws an Error that names a damaged file. */
export function finishedRecord(folder: string): RunRecord | undefined {
  if (!isDone(folder)) return undefined;
  return readRecord(path.join(folder, RESULT_FILE));
}

/** Throws an Error that names the file and says what to do, where it is damaged or of another version. */
export function readRecord(file: string): RunRecord {
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as Error).message}); ${remedy(file)}`);
  }
  if (record?.format !== RECORD_FORMAT) {
    throw new Error(
      `${file}: format ${record?.format}, this version reads ${RECORD_FORMAT}; it is left out: use the version that wrote it, or ${remedy(file)}`,
    );
  }
  const lacking = whatLacks(record);
  if (lacking) throw new Error(`${file} has no ${lacking}: it is no record of a run; ${remedy(file)}`);
  return record;
}

function remedy(file: string): string {
  return path.basename(file) === RESULT_FILE
    ? "delete its folder to run it again"
    : "delete it, and write it again with `npx auscult results export`";
}

function whatLacks({ runId, request, data, split, result }: Partial<RunRecord>): string | undefined {
  const parts: [string, unknown][] = [
    ["runId", runId],
    ["request.experiment", request?.experiment],
    ["request.row", request?.row],
    ["data", data],
    ["split", split],
    ["result.tests", result?.tests],
    ["result.lastEpochs", result?.lastEpochs],
    ["result.history", result?.history],
  ];
  return parts.find(([, value]) => value === undefined || value === null)?.[0];
}

/** Finished runs of this machine, fetched ones and committed results, each run once, by run id. Damaged ones are told to `warn`. */
export function allRecords(warn: (message: string) => void): RunRecord[] {
  return whole([...committedFiles(), ...fetchedFiles(), ...finishedFiles()], warn);
}

/** Finished runs of this machine alone. */
export function ownRecords(warn: (message: string) => void): RunRecord[] {
  return whole(finishedFiles(), warn);
}

function whole(files: readonly RecordFile[], warn: (message: string) => void): RunRecord[] {
  const records = files.flatMap(({ file }) => {
    try {
      return [readRecord(file)];
    } catch (error) {
      warn((error as Error).message);
      return [];
    }
  });
  return byRunId(records);
}

/** Of two with one id the later counts. */
export function byRunId<Run extends { runId: string }>(runs: readonly Run[]): Run[] {
  const found = new Map(runs.map((run) => [run.runId, run]));
  return [...found.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1));
}

export function finishedFiles(): RecordFile[] {
  const runs = path.join(mlrunsFolder(), "runs");
  if (!existsSync(runs)) return [];
  return readdirSync(runs)
    .filter((name) => isDone(path.join(runs, name)))
    .map((name) => ({ name: `runs/${name}`, file: path.join(runs, name, RESULT_FILE) }));
}

/** Records that were fetched from a tracking server, by run id. */
export function fetchedFile(runId: string): string {
  return path.join(mlrunsFolder(), FETCHED_FOLDER, `${runId}.json`);
}

export function fetchedFiles(): RecordFile[] {
  const folder = path.join(mlrunsFolder(), FETCHED_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({ name: `${FETCHED_FOLDER}/${name}`, file: path.join(folder, name) }));
}

/** `experiments/<paper>/results/`. */
export function resultsFolder(paper: string): string {
  return path.join(projectRoot(), "experiments", paper, "results");
}

/** The committed records of runs; the counts of data set tables lie beside them. */
export function committedFiles(): RecordFile[] {
  const experiments = path.join(projectRoot(), "experiments");
  return readdirSync(experiments, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(resultsFolder(entry.name)))
    .flatMap(({ name }) =>
      readdirSync(resultsFolder(name))
        .filter((file) => file.endsWith(".json") && !file.endsWith(".counts.json"))
        .map((file) => ({ name: `${name}/results/${file}`, file: path.join(resultsFolder(name), file) })),
    );
}
