import { type Connection, MlflowClient, parseTrackingUri } from "mlflow-js-client";
import { UserError } from "../userError.js";
import { ensureServer } from "./localServer.js";
import { savedViewTag } from "./savedView.js";
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
/** Without this MLflow's pages show what language models need. */
const training = "workflowType=machine_learning";

/** The saved view of an experiment that is opened where the experiment has it. */
export const scoresViewId = "scores";

/**
 * The page to look at runs: finds or starts the tracking server, sends what waits on disk, and answers the address. Throws
 * `UserError` when the server cannot be started, or the one in `MLFLOW_TRACKING_URI` does not answer.
 */
export async function trackerPage(options: TrackerPageOptions): Promise<TrackerPage> {
  const { mlrunsFolder, experiment, say, onProgress } = options;
  const { uri, startedNow, pid } = await ensureServer({ mlrunsFolder, say });
  const connection = currentTarget(mlrunsFolder)?.connection ?? parseTrackingUri(uri);
  if (pid === undefined) await mustAnswer(connection);
  const sync = await syncAll(mlrunsFolder, { timeoutMs: hour, onProgress });
  const page = experiment === undefined ? undefined : await experimentPage(connection, experiment);
  const found = experiment === undefined || page !== undefined;
  return { address: page ?? listAddress(connection.uri), found, startedNow, pid, sync };
}

/** The page that lists experiments. */
export function listAddress(uri: string): string {
  return `${uri}/#/experiments?${training}`;
}

/** The page of a run. */
export function runAddress(uri: string, run: { experimentId: string; runId: string }): string {
  return `${uri}/#/experiments/${run.experimentId}/runs/${run.runId}?${training}`;
}

/** The page of an experiment's runs; undefined when there is none of that name that is not deleted. */
async function experimentPage(connection: Connection, name: string): Promise<string | undefined> {
  const experiment = await new MlflowClient(connection).findExperiment(name);
  if (experiment?.lifecycle_stage !== "active") return undefined;
  const hasView = experiment.tags?.some(({ key }) => key === savedViewTag(scoresViewId));
  const view = hasView ? `&viewStateShareKey=${scoresViewId}` : "";
  return `${connection.uri}/#/experiments/${experiment.experiment_id}/runs?${training}${view}`;
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
