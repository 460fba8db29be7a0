import { MlflowClient } from "../client.js";
import { connectionFromEnvironment, parseTrackingUri } from "../environment.js";
import { Sender, type SendResult } from "../sender.js";
import { readSentState } from "../sentState.js";
import { isComplete, readTarget, removeIfComplete, spoolFoldersBelow, spoolRoot } from "./spoolFolders.js";

type Environment = Record<string, string | undefined>;

export interface SyncOptions {
  /** Folders of runs, or folders that hold such; all of `spoolRoot()` unless given. */
  folders?: readonly string[];
  /** Where to send; `MLFLOW_TRACKING_URI` unless given, else each spool to the server that it was written for. */
  trackingUri?: string;
  /** What the paths of artefacts are relative to, for spools that another program keeps. */
  filesFolder?: string;
  lockFolder?: string;
  /** How long the sending of one spool may take, in milliseconds; without an end unless given. */
  timeoutMs?: number;
  /** The spools were moved here: a run whose writer was on another machine or in another container is taken for dead, and KILLED. */
  moved?: boolean;
  /** Folders that have arrived whole stay. */
  keep?: boolean;
  /** Called before each spool, and with the bytes acknowledged. */
  onProgress?: (folder: string, sentBytes: number, totalBytes: number) => void;
  environment?: Environment;
}

/** What became of one spool. */
export interface SyncedSpool extends SendResult {
  folder: string;
  /** Where it was sent. */
  trackingUri?: string;
  /** Whether its folder is gone, since all of it has arrived. */
  removed: boolean;
  /** Whether the run goes on, as far as is known: its end was not logged, and its writer is not known to be dead. */
  open?: boolean;
  /** Why it was passed over: it was written for another server. */
  skipped?: string;
}

/**
 * Sends what any process, alive or dead, left in the folders, oldest first, and removes what has arrived whole. A server
 * that is away is told in `problem`, never thrown. Throws `MlflowValidationError` for settings that are wrong.
 */
export async function syncSpools(options: SyncOptions = {}): Promise<SyncedSpool[]> {
  const environment = options.environment ?? process.env;
  const everything = options.folders === undefined;
  const folders = (options.folders ?? [spoolRoot(environment)]).flatMap((folder) => {
    const below = spoolFoldersBelow(folder);
    // A folder that was named and holds nothing is told, not passed over.
    return below.length > 0 || everything ? below : [folder];
  });
  const named = options.trackingUri ?? (environment.MLFLOW_TRACKING_URI || undefined);
  const results: SyncedSpool[] = [];
  for (const folder of folders) results.push(await syncOne(folder, named, everything, options, environment));
  // One that waited for its parent finds it now.
  for (const [index, result] of results.entries())
    if (result.skipped === undefined && result.pending > 0 && results.some((other) => other.sent > 0))
      results[index] = await syncOne(result.folder, named, everything, options, environment);
  return results;
}

async function syncOne(
  folder: string,
  named: string | undefined,
  everything: boolean,
  options: SyncOptions,
  environment: Environment,
): Promise<SyncedSpool> {
  const target = readTarget(folder);
  const nothing = { folder, sent: 0, pending: -1, rejected: 0, damaged: 0, removed: false };
  const uri = named ?? target?.trackingUri;
  if (uri === undefined) return { ...nothing, problem: "no server is named: set MLFLOW_TRACKING_URI" };
  const other = target?.trackingUri;
  // Credentials of one server are not for another, and a run belongs to the server that its program named.
  if (everything && named !== undefined && other !== undefined && other !== parseTrackingUri(named).uri)
    return { ...nothing, trackingUri: other, skipped: `it was written for ${other}` };
  const connection = connectionFromEnvironment(environment, uri);
  const client = new MlflowClient(connection, { attempts: 3 });
  const filesFolder = options.filesFolder ?? (target ? folder : undefined);
  const onProgress = (sent: number, total: number): void => options.onProgress?.(folder, sent, total);
  const sender = new Sender({
    folder,
    filesFolder,
    lockFolder: options.lockFolder,
    moved: options.moved,
    client,
    onProgress,
  });
  const result = await sender.send(options.timeoutMs);
  const complete = result.problem === undefined && isComplete(folder, connection.uri);
  const open = readSentState(folder, connection.uri).status === "RUNNING";
  const removed = complete && options.keep !== true && removeIfComplete(folder, connection.uri);
  return { folder, trackingUri: connection.uri, ...result, removed, open };
}
