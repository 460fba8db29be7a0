import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { isRunning, type ProcessIdentity } from "mlflow-js-client";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { Patience } from "./patience.js";

/** What `mlruns/server.json` says of the local server. */
export interface ServerFile {
  uri: string;
  port: number;
  /** The store's own name: what was sent is kept per store, whatever port its server has. */
  server: string;
  process: ProcessIdentity;
  startedAt: string;
}

const seenAliveMs = 90_000;

export function serverFilePath(mlrunsFolder: string): string {
  return path.join(mlrunsFolder, "server.json");
}

/** Undefined when there is none or it cannot be read. The server that it names need not run any more. */
export function readServerFile(mlrunsFolder: string): ServerFile | undefined {
  try {
    return JSON.parse(readFileSync(serverFilePath(mlrunsFolder), "utf8")) as ServerFile;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that started as this server still runs. A later process with the same number does not count, nor
 * one of another machine that shares the folder: its server cannot be reached from here.
 */
export function isServerProcessRunning(server: ServerFile): boolean {
  return server.process.host === hostname() && isRunning(server.process);
}

/**
 * Whether it seems to run on another machine that shares the folder: there it renews the time of `server.json` every 20
 * seconds. (Names of containers change: by the name alone nobody could tell.)
 */
export function runsElsewhere(mlrunsFolder: string, server: ServerFile): boolean {
  if (server.process.host === hostname()) return false;
  const renewed = statSync(serverFilePath(mlrunsFolder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - renewed < seenAliveMs;
}

/** Whether a server answers there that says it is well. */
export async function isHealthy(uri: string, timeoutMs = 3_000): Promise<boolean> {
  const patience = new Patience(timeoutMs);
  try {
    const response = await fetch(`${uri}/health`, { signal: patience.signal });
    return response.ok && (await response.text()).trim() === "OK";
  } catch {
    return false;
  } finally {
    patience.end();
  }
}

/** The name of the store in a folder. A store whose database is gone gets a new name, so that everything is sent anew. */
export function storeName(mlrunsFolder: string): string {
  const file = path.join(mlrunsFolder, "store.json");
  if (existsSync(path.join(mlrunsFolder, "mlflow.db")))
    try {
      return (JSON.parse(readFileSync(file, "utf8")) as { name: string }).name;
    } catch {
      // A database without a name: it gets one now.
    }
  const name = `local-${randomUUID()}`;
  writeJsonAtomic(file, { name });
  return name;
}
