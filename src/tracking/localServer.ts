import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { parseTrackingUri, waitForLock } from "mlflow-js-client";
import { UserError } from "../userError.js";
import { databaseDamage, prepareDatabase } from "./database.js";
import { requireMlflow } from "./mlflowExecutable.js";
import { waitFor } from "./patience.js";
import {
  isHealthy,
  isServerProcessRunning,
  readServerFile,
  runsElsewhere,
  type ServerFile,
  serverFilePath,
} from "./serverFile.js";
import { freePort, launch, logPath, logTail, stopLeftovers, stopProcessGroup } from "./serverProcess.js";

/** A tracking server that can be used. `pid` is undefined for one that is not ours. */
export interface TrackingServer {
  uri: string;
  startedNow: boolean;
  pid: number | undefined;
}

export interface ServerOptions {
  mlrunsFolder: string;
  /** Told of what takes long or changes something: the migration of the database. */
  say?: (message: string) => void;
  /** Waiting for a server that starts ends when this is aborted; the server goes on starting, for whoever comes next. */
  signal?: AbortSignal;
}

const startTimeoutMs = 120_000;
/** SQLite opens no longer path, and makes "mlflow.db-journal" beside the database. */
const longestPathBytes = 511;

/**
 * The tracking server: `MLFLOW_TRACKING_URI` where it is set (nobody asks whether it answers), else the local one on SQLite
 * and files in `mlruns/`, started if it does not run. All processes share it, it outlives them, and only this machine
 * reaches it. Throws `UserError` when it cannot be started, the signal's reason when it is aborted; training never needs it.
 */
export async function ensureServer(options: ServerOptions): Promise<TrackingServer> {
  if (process.env.MLFLOW_TRACKING_URI)
    return { uri: parseTrackingUri(process.env.MLFLOW_TRACKING_URI).uri, startedNow: false, pid: undefined };
  const folder = path.resolve(options.mlrunsFolder);
  try {
    return await ensureLocalServer(folder, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!["ENOSPC", "EDQUOT", "EROFS", "EACCES"].includes(code ?? "")) throw error;
    throw new UserError(`the tracking server needs to write to ${folder}: ${message}`, 1);
  }
}

async function ensureLocalServer(folder: string, options: ServerOptions): Promise<TrackingServer> {
  mkdirSync(folder, { recursive: true });
  const found = await runningServer(folder);
  if (found) return found;
  requireMlflow();
  if (Buffer.byteLength(path.join(folder, "mlflow.db-journal")) > longestPathBytes)
    throw new UserError(
      `${folder}: SQLite opens no path of more than ${longestPathBytes} bytes; set AUSCULT_MLRUNS to a shorter one`,
    );
  let appeared: TrackingServer | undefined;
  const release = await waitForLock(path.join(folder, "server.lock"), startTimeoutMs, async () => {
    options.signal?.throwIfAborted();
    appeared = await runningServer(folder);
    return appeared !== undefined;
  });
  if (appeared) return appeared;
  if (!release) throw new UserError("another process has been starting the tracking server for two minutes", 1);
  try {
    return (await runningServer(folder)) ?? (await start(folder, options));
  } finally {
    release();
  }
}

/** The local server if it runs and is well. Throws `UserError` when it runs on another machine. */
async function runningServer(folder: string): Promise<TrackingServer | undefined> {
  const known = readServerFile(folder);
  if (!known) return undefined;
  if (runsElsewhere(folder, known)) throw new UserError(elsewhere(folder, known), 1);
  if (!isServerProcessRunning(known)) return undefined;
  return (await isHealthy(known.uri)) ? { uri: known.uri, startedNow: false, pid: known.process.pid } : undefined;
}

async function start(folder: string, { say = () => {}, signal }: ServerOptions): Promise<TrackingServer> {
  const before = readServerFile(folder);
  if (before && isServerProcessRunning(before)) {
    // Started by a process that did not live to see it up, or hanging: it gets time, then it is replaced.
    const up = await upOrGone(before, startTimeoutMs / 4, signal);
    if (up) return { uri: before.uri, startedNow: false, pid: before.process.pid };
    await stopProcessGroup(before);
  } else if (before) await stopLeftovers(before);
  await prepareDatabase(folder, say);
  for (let attempt = 1; ; attempt++) {
    // The same port as last time, if it is free: the browser keeps its settings per address.
    const port = (attempt === 1 && before && (await freePort(before.port))) || (await freePort(0))!;
    const logged = statSync(logPath(folder), { throwIfNoEntry: false })?.size ?? 0;
    const server = launch(folder, port);
    const up = await upOrGone(server, startTimeoutMs, signal);
    if (up) return { uri: server.uri, startedNow: true, pid: server.process.pid };
    await stopProcessGroup(server);
    rmSync(serverFilePath(folder), { force: true });
    if (attempt >= 2) throw new UserError(await whyNotStarted(folder, logged), 1);
  }
}

/** Whether it is up; false as soon as its process has gone, undefined when the time is over. */
function upOrGone(server: ServerFile, ms: number, signal?: AbortSignal): Promise<boolean | undefined> {
  const look = async () => {
    if (!isServerProcessRunning(server)) return false;
    return (await isHealthy(server.uri)) || undefined;
  };
  return waitFor(ms, 100, look, signal);
}

async function whyNotStarted(folder: string, logged: number): Promise<string> {
  const damage = await databaseDamage(folder);
  if (damage) return damage;
  const tail = logTail(folder, logged);
  if (/disk is full|No space left/.test(tail))
    return `the tracking server did not start: no space is left where ${folder} is`;
  return `the tracking server did not start; the end of ${logPath(folder)}:\n${tail}`;
}

function elsewhere(folder: string, { process: { host }, startedAt }: ServerFile): string {
  return `the tracking server of ${folder} runs on ${host} since ${startedAt.slice(0, 16)} and cannot be reached from here: use it there, or stop it there (\`npx auscult ui --stop\`); where that machine is gone, try again in two minutes`;
}

/**
 * Stops the local server of that folder; answers whether there was one. Throws `UserError` when it runs on another
 * machine.
 */
export async function stopServer(options: { mlrunsFolder: string }): Promise<boolean> {
  const folder = path.resolve(options.mlrunsFolder);
  const known = readServerFile(folder);
  if (!known) return false;
  if (runsElsewhere(folder, known)) throw new UserError(elsewhere(folder, known), 1);
  const ran = isServerProcessRunning(known);
  if (ran) await stopProcessGroup(known);
  else await stopLeftovers(known);
  return ran;
}
