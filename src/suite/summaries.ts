import { existsSync } from "node:fs";
import path from "node:path";
import { mlrunsFolder } from "../node/paths.js";
import { indexedSummaries } from "./reporting/runIndex.js";
import type { RunSummary } from "./reporting/summaryLine.js";
import {
  byRunId,
  committedFiles,
  fetchedFile,
  fetchedFiles,
  finishedFiles,
  finishedRecord,
  type RecordFile,
  type RunRecord,
  readRecord,
  resultsFolder,
} from "./runRecord.js";

/** Beside the folder of runs. */
const INDEX_FILE = "finishedRuns.index";

/** `allRecords` without their epochs, from the index: thousands in a second. */
export function allSummaries(warn: (message: string) => void): RunSummary[] {
  return byRunId(summaries([...committedFiles(), ...fetchedFiles(), ...finishedFiles()], warn));
}

/** The committed results alone. */
export function committedSummaries(warn: (message: string) => void): RunSummary[] {
  return byRunId(summaries(committedFiles(), warn));
}

/** `ownRecords` without their epochs, from the index. */
export function ownSummaries(warn: (message: string) => void): RunSummary[] {
  return byRunId(summaries(finishedFiles(), warn));
}

/** The whole record of a summary: of this machine, else fetched, else committed. Throws an Error where none can be read. */
export function wholeRecord({ runId, request }: RunSummary): RunRecord {
  const own = finishedRecord(path.join(mlrunsFolder(), "runs", runId));
  if (own) return own;
  const fetched = fetchedFile(runId);
  return readRecord(
    existsSync(fetched) ? fetched : path.join(resultsFolder(request.experiment.split("/")[0]!), `${runId}.json`),
  );
}

function summaries(files: readonly RecordFile[], warn: (message: string) => void): RunSummary[] {
  return indexedSummaries(path.join(mlrunsFolder(), INDEX_FILE), files, readRecord, warn);
}
