import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import {
  type Connection,
  connectionFromEnvironment,
  MlflowClient,
  parseTrackingUri,
  Sender,
  type SendResult,
} from "mlflow-js-client";
import { mlrunsFolder as defaultMlrunsFolder } from "../node/paths.js";
import { isServerProcessRunning, readServerFile } from "./serverFile.js";
import { trackingFolder } from "./trackedRun.js";

/** Below the folder of a search: a run folder for each of its trials. */
export const TRIALS_FOLDER = "trials";

export interface SyncOptions {
  /** Where the local server's `server.json` is; the project's `mlruns/` unless given. */
  mlrunsFolder?: string;
  /** How long sending may take in all, in milliseconds; a minute unless given. */
  timeoutMs?: number;
  onProgress?: (progress: { runFolder: string; sentBytes: number; totalBytes: number }) => void;
}

export interface RunSync extends SendResult {
  runFolder: string;
}

export interface SyncReport {
  /** Only the runs that had something to send. */
  runs: RunSync[];
  sent: number;
  pending: number;
  rejected: number;
  /** Why not all was sent: the first reason met. */
  problem?: string;
}

/** Where runs are sent at present: `MLFLOW_TRACKING_URI`, else the local server; undefined when neither is there. */
export function currentTarget(mlrunsFolder: string): { connection: Connection; server: string } | undefined {
  if (process.env.MLFLOW_TRACKING_URI) {
    const connection = connectionFromEnvironment();
    return { connection, server: connection.uri };
  }
  const known = readServerFile(mlrunsFolder);
  // Something else may listen at the address of a server that does not run, and has no business with what is in the environment.
  if (!known || !isServerProcessRunning(known)) return undefined;
  return { connection: parseTrackingUri(known.uri), server: known.server };
}

function sender(runFolder: string, options: SyncOptions): Sender | undefined {
  const mlruns = options.mlrunsFolder ?? defaultMlrunsFolder();
  const target = currentTarget(mlruns);
  if (!target) return undefined;
  return new Sender({
    folder: trackingFolder(runFolder),
    filesFolder: runFolder,
    client: new MlflowClient(target.connection, { attempts: 3 }),
    server: target.server,
    lockFolder: path.join(mlruns, "locks"),
    onProgress: (sentBytes, totalBytes) => options.onProgress?.({ runFolder, sentBytes, totalBytes }),
  });
}

/**
 * Sends what one run's spool still holds. A server that is away is told in `problem`, never thrown. Starts no server:
 * `ensureServer` does.
 */
export async function syncRun(runFolder: string, options: SyncOptions = {}): Promise<RunSync> {
  const one = sender(runFolder, options);
  if (!one) {
    const started = readServerFile(options.mlrunsFolder ?? defaultMlrunsFolder()) !== undefined;
    const problem = started ? "the local tracking server does not run" : "no tracking server has been started";
    return { runFolder, sent: 0, pending: -1, rejected: 0, damaged: 0, problem };
  }
  return { runFolder, ...(await one.send(options.timeoutMs ?? 60_000)) };
}

/** Sends what any process, alive or dead, left in the run folders below `<mlruns>/runs`. */
export async function syncAll(
  mlrunsFolder: string,
  options: Omit<SyncOptions, "mlrunsFolder"> = {},
): Promise<SyncReport> {
  const report: SyncReport = { runs: [], sent: 0, pending: 0, rejected: 0 };
  const deadline = Date.now() + (options.timeoutMs ?? 60_000);
  for (const runFolder of runFoldersBelow(path.join(mlrunsFolder, "runs"))) {
    const inFolder = { ...options, mlrunsFolder };
    if (sender(runFolder, inFolder)?.hasWork() === false) continue;
    const run = await syncRun(runFolder, { ...inFolder, timeoutMs: Math.max(0, deadline - Date.now()) });
    report.runs.push(run);
    report.sent += run.sent;
    report.pending += Math.max(0, run.pending);
    report.rejected += run.rejected;
    report.problem ??= run.problem;
    // A server that did not answer once will not answer for the other runs.
    if (run.problem && (await unreachable(mlrunsFolder))) break;
  }
  return report;
}

async function unreachable(mlrunsFolder: string): Promise<boolean> {
  const target = currentTarget(mlrunsFolder);
  if (!target) return true;
  try {
    await new MlflowClient(target.connection, { attempts: 1 }).version();
    return false;
  } catch {
    return true;
  }
}

/** The run folders: those with a spool in `tracking/`; of a search, those of its trials after its own. */
export function runFoldersBelow(folder: string, depth = 6): string[] {
  if (depth === 0 || !existsSync(folder)) return [];
  if (existsSync(path.join(trackingFolder(folder), "spool.jsonl")))
    return [folder, ...runFoldersBelow(path.join(folder, TRIALS_FOLDER), depth - 1)];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => runFoldersBelow(path.join(folder, name), depth - 1));
}

/** One line for people: what was sent, and what waits and why. */
export function describeSync(report: Pick<SyncReport, "sent" | "pending" | "rejected" | "problem">): string {
  const parts = [`${report.sent} record${report.sent === 1 ? "" : "s"} sent to the tracker`];
  if (report.problem) parts.push(`the rest stays on disk and a later command sends it (${report.problem})`);
  if (report.rejected > 0) parts.push(`${report.rejected} refused (see rejected.jsonl in the run's tracking folder)`);
  return parts.join("; ");
}
