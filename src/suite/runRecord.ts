import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder, projectRoot } from "../node/paths.js";
import type { RunData, RunRequest } from "../papers/paper.js";
import type { RunResult } from "../papers/runResult.js";
import type { RecordedStart } from "../papers/startingWeights.js";
import type { Precision } from "../training/runIdentity.js";
import type { RecordedSplit } from "./caveats.js";

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
  codeRevision: string;
  threads: number;
  /** Absent in records from before it could be chosen: float32. */
  precision?: Precision;
  engine: string;
  result: RunResult;
}

/** Written last: a run folder with it is done. */
export const DONE_FILE = "done.json";
export const RESULT_FILE = "result.json";

/** The record of a run folder whose run is done, else undefined. Throws an Error that names a damaged file. */
export function finishedRecord(folder: string): RunRecord | undefined {
  if (!existsSync(path.join(folder, DONE_FILE))) return undefined;
  return readRecord(path.join(folder, RESULT_FILE));
}

export function readRecord(file: string): RunRecord {
  let record: RunRecord;
  try {
    record = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as Error).message}); delete its folder to run it again`);
  }
  if (record?.format !== RECORD_FORMAT)
    throw new Error(`${file}: format ${record?.format}, this version reads ${RECORD_FORMAT}`);
  return record;
}

/** Finished runs of this machine and committed results, each run once, by run id. Damaged ones are told to `warn`. */
export function allRecords(warn: (message: string) => void): RunRecord[] {
  return byRunId([...committedFiles().map((file) => () => readRecord(file)), ...finishedRuns()], warn);
}

/** Finished runs of this machine alone. */
export function ownRecords(warn: (message: string) => void): RunRecord[] {
  return byRunId(finishedRuns(), warn);
}

function finishedRuns(): (() => RunRecord | undefined)[] {
  const runs = path.join(mlrunsFolder(), "runs");
  return existsSync(runs) ? readdirSync(runs).map((name) => () => finishedRecord(path.join(runs, name))) : [];
}

/** Reads each; of two with one id the later counts. */
function byRunId(reads: (() => RunRecord | undefined)[], warn: (message: string) => void): RunRecord[] {
  const found = new Map<string, RunRecord>();
  for (const read of reads) {
    try {
      const record = read();
      if (record) found.set(record.runId, record);
    } catch (error) {
      warn((error as Error).message);
    }
  }
  return [...found.values()].sort((a, b) => (a.runId < b.runId ? -1 : 1));
}

/** `experiments/<paper>/results/`. */
export function resultsFolder(paper: string): string {
  return path.join(projectRoot(), "experiments", paper, "results");
}

function committedFiles(): string[] {
  const experiments = path.join(projectRoot(), "experiments");
  return readdirSync(experiments, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(resultsFolder(entry.name)))
    .flatMap(({ name }) =>
      readdirSync(resultsFolder(name))
        .filter((file) => file.endsWith(".json"))
        .map((file) => path.join(resultsFolder(name), file)),
    );
}
