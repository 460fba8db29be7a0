import { readFileSync } from "node:fs";
import path from "node:path";
import { DONE_FILE } from "../suite/running/doneMarker.js";
import type { RunRecord } from "../suite/runRecord.js";
import { finishedFiles, readRecord } from "../suite/runRecord.js";

/** A finished run of this machine. */
export interface FinishedRun {
  record: RunRecord;
  /** What the run left beside its record. */
  folder: string;
}

/**
 * The run of an experiment that finished last on this machine; undefined where there is none.
 * @param experiment such as "supcon-sprs/table2"
 * @param dataDigest of the recordings that it must have run on
 * @throws Error naming a damaged file
 */
export function newestRun(experiment: string, dataDigest: string): FinishedRun | undefined {
  const runs = finishedFiles()
    .map(({ file }) => ({ record: readRecord(file), folder: path.dirname(file) }))
    .filter(({ record: { request, data } }) => request.experiment === experiment && data.digest === dataDigest)
    .map((run) => ({ run, finishedAt: finishedAt(run.folder) }));
  return runs.sort((a, b) => (a.finishedAt < b.finishedAt ? 1 : -1))[0]?.run;
}

/** ISO 8601, all in one zone, so that they sort as text. */
function finishedAt(folder: string): string {
  return (JSON.parse(readFileSync(path.join(folder, DONE_FILE), "utf8")) as { finishedAt: string }).finishedAt;
}
