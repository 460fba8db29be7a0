import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { holderOf, isRunning, tryLock } from "../processLock.js";
import { isSentTo, pendingRecords, readSentState, readSentStates } from "../sentState.js";
import { readSpool, readWholeSpool, spoolFileName, spoolSize } from "../spoolReader.js";

type Environment = Record<string, string | undefined>;

/** What `target.json` in a run's folder says: where the run is to be sent. Holds no credentials. */
export interface SpoolTarget {
  /** The tracking server's address; undefined when none was known. */
  trackingUri?: string;
  experiment: string;
  name: string;
  /** The folder stays when everything was sent. */
  keep: boolean;
}

const targetFileName = "target.json";
const removedSuffix = ".removed";
const finalStatuses: readonly (string | undefined)[] = ["FINISHED", "FAILED", "KILLED"];

/** The folder that holds the folders of runs: `MLFLOW_JS_SPOOL`, else one in the user's state folder. */
export function spoolRoot(environment: Environment = process.env): string {
  if (environment.MLFLOW_JS_SPOOL) return path.resolve(environment.MLFLOW_JS_SPOOL);
  const state =
    process.platform === "win32"
      ? (environment.LOCALAPPDATA ?? path.join(homedir(), "AppData", "Local"))
      : environment.XDG_STATE_HOME || path.join(homedir(), ".local", "state");
  return path.join(state, "mlflow-js-client");
}

/** The folder for runs of one server, below the user's state folder. */
export function serverFolder(trackingUri: string | undefined, environment: Environment = process.env): string {
  const root = spoolRoot(environment);
  if (environment.MLFLOW_JS_SPOOL) return root;
  if (trackingUri === undefined) return path.join(root, "no-server");
  const digest = createHash("sha256").update(trackingUri).digest("hex").slice(0, 8);
  const readable = trackingUri.replace(/^https?:\/\//, "").replace(/[^\w.-]+/g, "-");
  return path.join(root, `${readable.slice(0, 60)}-${digest}`);
}

let count = 0;

/** Makes a run's folder whose name sorts by the time of its making, and writes where the run is to be sent. */
export function makeRunFolder(root: string, target: SpoolTarget, time = Date.now()): string {
  const stamp = new Date(time).toISOString().replace(/[-:.]/g, "");
  const order = String(++count % 10_000).padStart(4, "0");
  const folder = path.join(root, `${stamp}-${order}-${randomBytes(3).toString("hex")}`);
  mkdirSync(folder, { recursive: true });
  writeTarget(folder, target);
  return folder;
}

export function writeTarget(folder: string, target: SpoolTarget): void {
  const beside = path.join(folder, `${targetFileName}.${process.pid}.tmp`);
  writeFileSync(beside, `${JSON.stringify(target, null, 2)}\n`);
  renameSync(beside, path.join(folder, targetFileName));
}

/** Undefined for a spool that another program keeps. */
export function readTarget(folder: string): SpoolTarget | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, targetFileName), "utf8")) as SpoolTarget;
  } catch {
    return undefined;
  }
}

/** The folders with a spool at most three levels below the root, oldest first. */
export function spoolFoldersBelow(root: string, depth = 3): string[] {
  if (existsSync(path.join(root, spoolFileName))) return [root];
  if (depth === 0 || !existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith(removedSuffix))
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => spoolFoldersBelow(path.join(root, name), depth - 1));
}

/** What waits in a run's folder. */
export interface SpoolSummary {
  folder: string;
  /** Where it is to be sent. */
  trackingUri?: string;
  experiment?: string;
  name?: string;
  /** Known once the server has made the run. */
  runId?: string;
  /** How the run ended; undefined while it is open. */
  ended?: string;
  /** Whether the process that writes it is alive. */
  writing: boolean;
  /** Records in all. */
  records: number;
  /** Records that the server has not acknowledged. */
  pending: number;
  /** Values that the server refused for good; `rejected.jsonl` in the folder says which and why. */
  rejected: number;
  /** Lines whose checksum is wrong. */
  damaged: number;
}

/** Reads what waits in a run's folder for a server (the one it was written for unless another is named). */
export function summarizeSpool(folder: string, server?: string): SpoolSummary {
  const target = readTarget(folder);
  const file = path.join(folder, spoolFileName);
  const trackingUri = server ?? target?.trackingUri;
  const state = trackingUri === undefined ? undefined : readSentState(folder, trackingUri);
  const { records, damaged } = readWholeSpool(file);
  let experiment = target?.experiment;
  let name = target?.name;
  let ended: string | undefined;
  for (const record of records) {
    if (record.kind === "create") {
      experiment ??= record.experiment;
      name ??= record.name;
    }
    if (record.kind === "create" || record.kind === "attach" || record.kind === "resume") ended = undefined;
    if (record.kind === "end") ended = record.status;
  }
  return {
    ...{ folder, trackingUri, experiment, name, runId: state?.runId, ended, writing: isWriting(folder) },
    ...{ records: records.length, pending: pendingRecords(folder, state) },
    ...{ rejected: state?.rejected ?? 0, damaged },
  };
}

function isWriting(folder: string): boolean {
  const writer = holderOf(path.join(folder, "writing.lock"));
  return writer !== undefined && isRunning(writer);
}

/** Whether the run has ended and the server has acknowledged all of it. */
export function isComplete(folder: string, server: string): boolean {
  const state = readSentState(folder, server);
  if (!finalStatuses.includes(state.status)) return false;
  const size = spoolSize(path.join(folder, spoolFileName));
  return state.offset > 0 && size === state.offset && isSentTo(state, size);
}

/**
 * Removes the folder of a run that has ended and arrived whole, unless it is to be kept, values of it were refused, lines
 * of it were damaged, or a process writes or sends it. Answers whether it is gone.
 */
export function removeIfComplete(folder: string, server: string): boolean {
  if (!existsSync(path.join(folder, spoolFileName))) return true;
  if (readTarget(folder)?.keep !== false) return false;
  const releases: (() => void)[] = [];
  try {
    for (const name of ["writing.lock", "sending.lock"]) {
      const release = tryLock(path.join(folder, name));
      if (!release) return false;
      releases.push(release);
    }
    const { rejected, damaged } = readSentState(folder, server);
    if (rejected > 0 || damaged > 0 || !isComplete(folder, server)) return false;
    // Gone at once for whoever looks, and never seen half removed.
    renameSync(folder, folder + removedSuffix);
  } finally {
    for (const release of releases) release();
  }
  rmSync(folder + removedSuffix, { recursive: true, force: true });
  return true;
}

/** The newest folder below the root whose run has that id on the server; undefined where there is none. */
export function findRunFolder(root: string, runId: string, server: string | undefined): string | undefined {
  const has = (folder: string): boolean =>
    Object.entries(readSentStates(folder)).some(
      ([name, state]) => state.runId === runId && (server ?? name) === name,
    ) || isAttached(folder);
  // Of a run that was there before, the spool itself says so, before anything of it was sent.
  const isAttached = (folder: string): boolean => {
    const first = readSpool(path.join(folder, spoolFileName), 0, 4096).records[0]?.record;
    if (first?.kind !== "attach" || first.runId !== runId) return false;
    return server === undefined || readTarget(folder)?.trackingUri === server;
  };
  return spoolFoldersBelow(root).reverse().find(has);
}
