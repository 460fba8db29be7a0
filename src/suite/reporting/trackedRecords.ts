import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type MlflowClient, type Run, recordOf } from "mlflow-js-client";
import { fetchedFile, RESULT_FILE, readRecord } from "../runRecord.js";

export interface FetchOptions {
  client: MlflowClient;
  /** Ids of entries: experiments have their names in the tracker. */
  ids: readonly string[];
  /** Ids of the runs that need not be fetched. */
  known: ReadonlySet<string>;
  /** Told of each run that cannot be used. */
  warn(message: string): void;
}

/**
 * Brings the records of finished runs that only the tracking server has to `mlruns/fetched/`, where reports read them. Answers their run
 * ids. A run whose record is missing there, damaged or of another form is told and left out.
 */
export async function fetchTrackedRecords({ client, ids, known, warn }: FetchOptions): Promise<string[]> {
  const fetched = new Set<string>();
  for (const id of ids) {
    const experiment = await client.findExperiment(id);
    if (experiment?.lifecycle_stage !== "active") continue;
    for (const run of await client.searchRuns({ experimentIds: [experiment.experiment_id] })) {
      const { runId } = recordOf(run.data.tags);
      // Rows stand above their runs, and have none.
      if (run.info.status !== "FINISHED" || runId === undefined || known.has(runId) || fetched.has(runId)) continue;
      try {
        await fetchOne(client, run, runId);
        fetched.add(runId);
      } catch (error) {
        warn(`${id}: run ${run.info.run_id} of the tracking server is left out: ${(error as Error).message}`);
      }
    }
  }
  return [...fetched];
}

async function fetchOne(client: MlflowClient, { info }: Run, runId: string): Promise<void> {
  // It becomes the name of a file.
  if (!/^[a-z0-9_-]{1,200}$/.test(runId)) throw new Error(`its tag runId is ${JSON.stringify(runId)}`);
  const file = fetchedFile(runId);
  const bytes = await client.artifacts.download(info.artifact_uri, RESULT_FILE);
  mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    writeFileSync(part, bytes);
    const record = readRecord(part);
    if (record.runId !== runId) throw new Error(`its ${RESULT_FILE} is of ${record.runId}`);
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
}
