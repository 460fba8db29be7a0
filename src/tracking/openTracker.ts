import { MlflowClient, parseTrackingUri } from "mlflow-js-client";
import { mlrunsFolder as defaultMlrunsFolder } from "../node/paths.js";
import { UserError } from "../userError.js";
import { ensureServer } from "./localServer.js";
import { currentTarget, type SyncOptions, type SyncReport, syncAll } from "./sync.js";

export interface OpenTrackerOptions {
  /** The project's `mlruns/` unless given. */
  mlrunsFolder?: string;
  say?: (message: string) => void;
  /** How far the sending of what waits is. */
  onProgress?: SyncOptions["onProgress"];
}

/** A tracking server that answers. */
export interface OpenTracker {
  uri: string;
  client: MlflowClient;
  startedNow: boolean;
  /** Undefined for a server that is not ours. */
  pid: number | undefined;
  sync: SyncReport;
}

const hour = 3_600_000;

/**
 * The tracking server, ready to be searched: the one of `MLFLOW_TRACKING_URI`, else the local one, started if it does not run; what
 * waits on disk has been sent. Throws `UserError` when it cannot be started, and when the one in `MLFLOW_TRACKING_URI` does not answer.
 */
export async function openTracker(options: OpenTrackerOptions = {}): Promise<OpenTracker> {
  const { mlrunsFolder = defaultMlrunsFolder(), say, onProgress } = options;
  const { uri, startedNow, pid } = await ensureServer({ mlrunsFolder, say });
  const connection = currentTarget(mlrunsFolder)?.connection ?? parseTrackingUri(uri);
  if (pid === undefined) await mustAnswer(new MlflowClient({ ...connection, timeoutMs: 10_000 }, { attempts: 2 }));
  const sync = await syncAll(mlrunsFolder, { timeoutMs: hour, onProgress });
  return { uri: connection.uri, client: new MlflowClient(connection), startedNow, pid, sync };
}

async function mustAnswer(client: MlflowClient): Promise<void> {
  try {
    await client.version();
  } catch (error) {
    throw new UserError(
      `the tracking server of MLFLOW_TRACKING_URI cannot be used: ${(error as Error).message}\nWhat was recorded is kept on disk and sent later. Without MLFLOW_TRACKING_URI a local server is used.`,
      1,
    );
  }
}
