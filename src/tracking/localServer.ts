import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { identityOf, MlflowClient, parseTrackingUri, waitForLock } from "mlflow-js-client";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { UserError } from "../userError.js";
import { requireMlflow } from "./mlflowExecutable.js";
import {
  isHealthy,
  isServerProcessRunning,
  readServerFile,
  type ServerFile,
  serverFilePath,
  storeName,
} from "./serverFile.js";

/** A tracking server that can be used. `pid` is undefined for one that is not ours. */
export interface TrackingServer {
  uri: string;
  startedNow: boolean;
  pid: number | undefined;
}

const startTimeoutMs = 120_000;
const logBytesKept = 5e6;

/**
 * The tracking server: `MLFLOW_TRACKING_URI` where it is set, else the local one on SQLite and files in `mlruns/`, started
 * if it does not run. All processes share it, it outlives them, and only this machine reaches it. Throws `UserError` when
 * it cannot be started; training never needs it.
 */
export async function ensureServer(options: { mlrunsFolder: string }): Promise<TrackingServer> {
  if (process.env.MLFLOW_TRACKING_URI)
    return { uri: parseTrackingUri(process.env.MLFLOW_TRACKING_URI).uri, startedNow: false, pid: undefined };
  const folder = path.resolve(options.mlrunsFolder);
  mkdirSync(folder, { recursive: true });
  const found = await runningServer(folder);
  if (found) return found;
  requireMlflow();
  let appeared: TrackingServer | undefined;
  const release = await waitForLock(path.join(folder, "server.lock"), startTimeoutMs, async () => {
    appeared = await runningServer(folder);
    return appeared !== undefined;
  });
  if (appeared) return appeared;
  if (!release) throw new UserError("another process has been starting the tracking server for two minutes", 1);
  try {
    return (await runningServer(folder)) ?? (await start(folder));
  } finally {
    release();
  }
}

/** The local server if it runs and is well. */
async function runningServer(folder: string): Promise<TrackingServer | undefined> {
  const known = readServerFile(folder);
  if (!known || !isServerProcessRunning(known)) return undefined;
  return (await isHealthy(known.uri)) ? { uri: known.uri, startedNow: false, pid: known.process.pid } : undefined;
}

async function start(folder: string): Promise<TrackingServer> {
  const before = readServerFile(folder);
  if (before && isServerProcessRunning(before)) {
    // Started by a process that did not live to see it up, or hanging: it gets time, then it is replaced.
    for (const until = Date.now() + startTimeoutMs / 4; Date.now() < until; await sleep(250)) {
      if (await isHealthy(before.uri)) return { uri: before.uri, startedNow: false, pid: before.process.pid };
      if (!isServerProcessRunning(before)) break;
    }
    await stopProcessGroup(before);
  }
  for (let attempt = 1; ; attempt++) {
    // The same port as last time, if it is free: the browser keeps its settings per address.
    const port = (attempt === 1 && before && (await freePort(before.port))) || (await freePort(0))!;
    const server = launch(folder, port);
    for (const until = Date.now() + startTimeoutMs; Date.now() < until; await sleep(200)) {
      if (!isServerProcessRunning(server)) break;
      if (await isHealthy(server.uri)) return { uri: server.uri, startedNow: true, pid: server.process.pid };
    }
    await stopProcessGroup(server);
    rmSync(serverFilePath(folder), { force: true });
    if (attempt >= 2)
      throw new UserError(
        `the tracking server did not start; the end of ${logPath(folder)}:\n${lastLines(logPath(folder))}`,
        1,
      );
  }
}

function logPath(folder: string): string {
  return path.join(folder, "server.log");
}

/** Starts the process in its own group, so that Ctrl-C in our terminal does not reach it, and writes `server.json`. */
function launch(folder: string, port: number): ServerFile {
  const log = logPath(folder);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > logBytesKept) renameSync(log, `${log}.1`);
  const server = storeName(folder);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // Without this ten processes and 1.8 GB of memory serve features that only language models need.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
    MLFLOW_DISABLE_TELEMETRY: "true",
  };
  const output = openSync(log, "a");
  try {
    const child = spawn(
      requireMlflow(),
      [
        ...["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
        ...["--backend-store-uri", `sqlite:///${path.join(folder, "mlflow.db")}`],
        ...["--artifacts-destination", path.join(folder, "artifacts")],
      ],
      { cwd: folder, env: environment, detached: true, stdio: ["ignore", output, output] },
    );
    child.on("error", () => {});
    if (child.pid === undefined)
      throw new UserError(`${requireMlflow()} cannot be run: is it whole? \`npm run setup\``, 1);
    child.unref();
    const uri = `http://127.0.0.1:${port}`;
    const startedAt = new Date().toISOString();
    const known: ServerFile = { uri, port, server, process: identityOf(child.pid), startedAt };
    writeJsonAtomic(serverFilePath(folder), known);
    return known;
  } finally {
    closeSync(output);
  }
}

/** Stops the local server of that folder; answers whether there was one. */
export async function stopServer(options: { mlrunsFolder: string }): Promise<boolean> {
  const folder = path.resolve(options.mlrunsFolder);
  const known = readServerFile(folder);
  if (!known) return false;
  const ran = isServerProcessRunning(known);
  if (ran) await stopProcessGroup(known);
  return ran;
}

async function stopProcessGroup(server: ServerFile): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGTERM", 8_000],
    ["SIGKILL", 4_000],
  ] as const) {
    try {
      process.kill(-server.process.pid, signal);
    } catch {
      return;
    }
    for (const until = Date.now() + waitMs; Date.now() < until; await sleep(50))
      if (!isServerProcessRunning(server)) return;
  }
}

/**
 * The page of the server that shows training runs (its front page is for language models): of one experiment, if it is
 * named and known, else of all.
 */
export async function uiAddress(uri: string, experimentName?: string): Promise<string> {
  let experimentId: string | undefined;
  if (experimentName !== undefined)
    try {
      experimentId = (await new MlflowClient(parseTrackingUri(uri)).findExperiment(experimentName))?.experiment_id;
    } catch {
      // The server is away or refuses: the general page will say so itself.
    }
  if (experimentId === undefined) return `${uri}/#/experiments`;
  return `${uri}/#/experiments/${experimentId}/runs?workflowType=machine_learning`;
}

/** The port if it is free (any free one for 0), else undefined. */
function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(undefined));
    probe.listen({ port: wanted, host: "127.0.0.1", exclusive: true }, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

function lastLines(file: string, count = 8): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
  } catch {
    return "(no log)";
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
