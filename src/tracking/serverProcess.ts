import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { identityOf } from "mlflow-js-client";
import { writeJsonAtomic } from "../node/atomicFile.js";
import { UserError } from "../userError.js";
import { waitFor } from "./patience.js";
import { mlflowEnvironment, pythonProgram, pythonScript } from "./pythonProgram.js";
import { isHealthy, isServerProcessRunning, type ServerFile, serverFilePath, storeName } from "./serverFile.js";

const logBytesKept = 5e6;

/** Starts the server's process in its own group, so that Ctrl-C in our terminal does not reach it, and writes `server.json`. */
export function launch(folder: string, port: number): ServerFile {
  const log = logPath(folder);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > logBytesKept) renameSync(log, `${log}.1`);
  const server = storeName(folder);
  const output = openSync(log, "a");
  try {
    const child = spawn(
      pythonProgram(),
      [
        ...["-I", pythonScript("mlflowServer.py"), serverFilePath(folder)],
        ...["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
        // Relative to the folder, so that no sign in its path is taken for a part of an address.
        ...["--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", "./artifacts"],
      ],
      { cwd: folder, env: mlflowEnvironment(), detached: true, stdio: ["ignore", output, output] },
    );
    child.on("error", () => {});
    if (child.pid === undefined)
      throw new UserError(`${pythonProgram()} cannot be run: is it whole? \`npm run setup\``, 1);
    child.unref();
    const uri = `http://127.0.0.1:${port}`;
    const known: ServerFile = {
      uri,
      port,
      server,
      process: identityOf(child.pid),
      startedAt: new Date().toISOString(),
    };
    writeJsonAtomic(serverFilePath(folder), known);
    return known;
  } finally {
    closeSync(output);
  }
}

/** Ends all processes of the server: asks them, then makes them. */
export async function stopProcessGroup(server: ServerFile): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGTERM", 8_000],
    ["SIGKILL", 4_000],
  ] as const) {
    if (!signalGroup(server, signal)) return;
    await waitFor(waitMs, 50, async () => (isServerProcessRunning(server) ? undefined : true));
    // The first process has gone; those that it started and left go with it.
    if (!isServerProcessRunning(server)) signalGroup(server, "SIGKILL");
  }
}

/**
 * Ends what a server's first process left behind when it alone was killed. Its number is not given to another process
 * while its group has members; that the group still answers at the server's address tells it from one after a restart.
 */
export async function stopLeftovers(server: ServerFile): Promise<void> {
  if (isServerProcessRunning(server) || !signalGroup(server, 0)) return;
  const { started } = identityOf(server.process.pid);
  const reused = started !== "" && started !== "zombie";
  if (reused || !(await isHealthy(server.uri))) return;
  signalGroup(server, "SIGKILL");
}

function signalGroup({ process: { pid } }: ServerFile, signal: NodeJS.Signals | 0): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** The port if it is free (any free one for 0), else undefined. */
export function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(undefined));
    probe.listen({ port: wanted, host: "127.0.0.1", exclusive: true }, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

export function logPath(folder: string): string {
  return path.join(folder, "server.log");
}

/** The end of the server's log from `offset` on. */
export function logTail(folder: string, offset: number, lines = 8): string {
  try {
    const text = readFileSync(logPath(folder)).subarray(offset).toString();
    return text.trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(no log)";
  }
}
