import { type Connection, MlflowClient } from "mlflow-js-client";
import { UserError } from "../userError.js";
import { ensureServer } from "./localServer.js";
import { currentTarget, type SyncOptions, type SyncReport, syncAll } from "./sync.js";

export interface TrackerPageOptions {
  mlrunsFolder: string;
  /** The experiment whose runs to show; the list of experiments unless given. */
  experiment?: string;
  say?: (message: string) => void;
  /** How far the sending of what waits is. */
  onProgress?: SyncOptions["onProgress"];
}

export interface TrackerPage {
  address: string;
  /** Whether the tracker has the experiment that was asked for; true when none was. */
  found: boolean;
  startedNow: boolean;
  /** Undefined for a server that is not ours. */
  pid: number | undefined;
  sync: SyncReport;
}

const hour = 3_600_000;

/**
 * The page to look at runs: finds or starts the tracking server, sends what waits on disk, and answers the address. Throws
 * `UserError` when the server cannot be started, or the one in `MLFLOW_TRACKING_URI` does not answer.
 */
export async function trackerPage(options: TrackerPageOptions): Promise<TrackerPage> {
  const { mlrunsFolder, experiment, say, onProgress } = options;
  const { startedNow, pid } = await ensureServer({ mlrunsFolder, say });
  const { connection } = currentTarget(mlrunsFolder)!;
  if (pid === undefined) await mustAnswer(connection);
  const sync = await syncAll(mlrunsFolder, { timeoutMs: hour, onProgress });
  const experimentId = experiment === undefined ? undefined : await experimentIdOf(connection, experiment);
  const found = experiment === undefined || experimentId !== undefined;
  return { address: pageAddress(connection.uri, experimentId), found, startedNow, pid, sync };
}

/** The page of the server that shows training runs (its front page is for language models): of one experiment, else of all. */
export function pageAddress(uri: string, experimentId?: string): string {
  if (experimentId === undefined) return `${uri}/#/experiments`;
  return `${uri}/#/experiments/${experimentId}/runs?workflowType=machine_learning`;
}

/** Undefined when there is none of that name that is not deleted. */
async function experimentIdOf(connection: Connection, name: string): Promise<string | undefined> {
  const experiment = await new MlflowClient(connection).findExperiment(name);
  return experiment?.lifecycle_stage === "active" ? experiment.experiment_id : undefined;
}

async function mustAnswer(connection: Connection): Promise<void> {
  try {
    await new MlflowClient({ ...connection, timeoutMs: 10_000 }, { attempts: 2 }).version();
  } catch (error) {
    throw new UserError(
      `the tracking server of MLFLOW_TRACKING_URI cannot be used: ${(error as Error).message}\nWhat was recorded is kept on disk and sent later. Without MLFLOW_TRACKING_URI a local server is used.`,
      1,
    );
  }
}
