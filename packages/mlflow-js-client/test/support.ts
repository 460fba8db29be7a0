import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** The folder of an MLflow installation: `AUSCULT_VENV`, else `.venv` here or above. */
function environmentFolder(): string | undefined {
  if (process.env.AUSCULT_VENV) return process.env.AUSCULT_VENV;
  for (let dir = process.cwd(); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, ".venv"))) return path.join(dir, ".venv");
    if (dir === path.dirname(dir)) return undefined;
  }
}

export function mlflowProgram(): string | undefined {
  const folder = environmentFolder();
  const file = folder && path.join(folder, "bin", "mlflow");
  return file && existsSync(file) ? file : undefined;
}

/** Runs Python of the same installation; answers what it printed, as JSON. */
export function python(script: string, ...args: string[]): unknown {
  const file = path.join(path.dirname(mlflowProgram()!), "python");
  const environment = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true" };
  const output = execFileSync(file, ["-c", script, ...args], { encoding: "utf8", env: environment });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

export async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "mlflow-js-client-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A real server on SQLite in the folder. */
export async function startServer(folder: string): Promise<{ uri: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const log = openSync(path.join(folder, "server.log"), "a");
  const child = spawn(
    mlflowProgram()!,
    [
      ...["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
      ...["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--artifacts-destination", `${folder}/artifacts`],
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_DISABLE_TELEMETRY: "true" },
    },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const uri = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 100_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    if ((await fetch(`${uri}/health`).catch(() => undefined))?.ok) break;
    if (Date.now() > until || child.exitCode !== null) throw new Error(`no server: see ${folder}/server.log`);
  }
  return {
    uri,
    stop: async () => {
      process.kill(-child.pid!, "SIGTERM");
      await ended;
    },
  };
}

/** What the proxy does with a request: let it through, answer in the server's place, or lose the server's answer. */
export type Fault = "pass" | "drop" | "loseAnswer" | { status: number; body: string; headers?: Record<string, string> };

export interface FaultyProxy {
  uri: string;
  /** Asked for each request; "pass" at first. */
  fault: (path: string, method: string) => Fault;
  /** The requests seen, as "METHOD /path". */
  seen: string[];
  close: () => Promise<void>;
}

/** A proxy in front of a real server that can be told to fail. */
export async function startProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming: IncomingMessage, outgoing) => {
    const where = incoming.url!.split("?")[0]!;
    proxy.seen.push(`${incoming.method} ${where}`);
    const fault = proxy.fault(where, incoming.method!);
    if (fault === "drop") return void incoming.socket.destroy();
    if (typeof fault === "object") {
      incoming.resume();
      outgoing.writeHead(fault.status, fault.headers);
      return void outgoing.end(fault.body);
    }
    const { method, url, headers } = incoming;
    const onward = request(
      { hostname, port, method, path: url, headers: { ...headers, connection: "close" } },
      (answer) => {
        if (fault === "loseAnswer") {
          answer.resume().on("end", () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultyProxy = {
    uri: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    fault: () => "pass",
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}
