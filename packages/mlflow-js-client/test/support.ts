import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
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

/** A real server on SQLite in the folder; on a free port unless one is given. `args` and `environment` are added to its own. */
export async function startServer(
  folder: string,
  givenPort?: number,
  { args = [], environment = {} }: { args?: string[]; environment?: Record<string, string> } = {},
): Promise<{ uri: string; stop: () => Promise<void> }> {
  const port = givenPort ?? (await freePort());
  const log = openSync(path.join(folder, "server.log"), "a");
  const child = spawn(
    mlflowProgram()!,
    [
      ...["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
      ...["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--artifacts-destination", `${folder}/artifacts`],
      ...args,
    ],
    {
      cwd: folder,
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
        MLFLOW_DISABLE_TELEMETRY: "true",
        ...environment,
      },
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
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGTERM");
      await ended;
    },
  };
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * What the proxy does with a request:
 * - "drop" closes the connection, "cutRequest" does so when the server has half of the request: the server does not act.
 * - "stall" never answers, and the server never hears of it; "late" lets the server act when the client has given up.
 * - "loseAnswer" closes the connection when the server has acted; "stallAnswer" then says nothing more.
 * - "cutAnswer" closes it in the middle of the answer; "truncate" gives half of the answer as if it were all.
 * - Or it answers in the server's place, passes the request on so many milliseconds late, or lets the answer come in two
 *   pieces over so many.
 */
export type Fault =
  | "pass"
  | "drop"
  | "cutRequest"
  | "stall"
  | "late"
  | "loseAnswer"
  | "stallAnswer"
  | "cutAnswer"
  | "truncate"
  | { slowMs: number }
  | { delayMs: number }
  | { status: number; body: string; headers?: Record<string, string> };

/** A request that the server answered, whether or not its answer was passed on. */
export interface Answered {
  method: string;
  path: string;
  body: Buffer;
  status: number;
}

export interface FaultyProxy {
  uri: string;
  /** The server behind it, which may move. */
  target: string;
  /** Asked for each request, with the size of its body; "pass" at first. */
  fault: (path: string, method: string, bytes: number) => Fault;
  /** Told of each answer of the server. */
  onAnswered: (answered: Answered) => void;
  /** The requests seen, as "METHOD /path". */
  seen: string[];
  close: () => Promise<void>;
}

async function collected(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A proxy in front of a real server that can be told to fail. */
export async function startProxy(target: string): Promise<FaultyProxy> {
  const onward = (
    incoming: IncomingMessage,
    body: Buffer,
    sent = body,
  ): Promise<{ answer: IncomingMessage; text: Buffer }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(proxy.target);
      const { method, url, headers } = incoming;
      const all = { ...headers, connection: "close", "content-length": String(body.length) };
      const { expect: _, "transfer-encoding": __, ...passed } = all as typeof all & { expect?: string };
      const outgoing = request({ hostname, port, method, path: url, headers: passed }, (answer) => {
        collected(answer).then((text) => {
          const path = url!.split("?")[0]!;
          proxy.onAnswered({ method: method!, path, body, status: answer.statusCode! });
          resolve({ answer, text });
        }, reject);
      });
      outgoing.on("error", reject);
      if (sent.length === body.length) return void outgoing.end(body);
      outgoing.write(sent, () => setTimeout(() => outgoing.destroy(new Error("cut")), 20));
    });
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const where = incoming.url!.split("?")[0]!;
    proxy.seen.push(`${incoming.method} ${where}`);
    const fault = proxy.fault(where, incoming.method!, Number(incoming.headers["content-length"] ?? 0));
    if (fault === "drop") return void incoming.socket.destroy();
    const body = await collected(incoming);
    if (fault === "stall" || fault === "late") {
      await new Promise((resolve) => outgoing.once("close", resolve));
      if (fault !== "late") return;
      // The client has looked and asked again by then.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await onward(incoming, body);
      return;
    }
    if (typeof fault === "object" && "status" in fault) {
      outgoing.writeHead(fault.status, fault.headers);
      return void outgoing.end(fault.body);
    }
    if (typeof fault === "object" && "delayMs" in fault)
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault === "cutRequest") await onward(incoming, body, body.subarray(0, body.length >> 1));
    const { answer, text } = await onward(incoming, body);
    if (fault === "loseAnswer") return void incoming.socket.destroy();
    if (fault === "stallAnswer") return;
    const { "transfer-encoding": _, ...headers } = answer.headers;
    const half = text.subarray(0, text.length >> 1);
    const isShort = fault === "truncate";
    outgoing.writeHead(answer.statusCode!, { ...headers, "content-length": String((isShort ? half : text).length) });
    if (isShort) return void outgoing.end(half);
    if (fault === "cutAnswer") return void outgoing.write(half, () => incoming.socket.destroy());
    if (typeof fault === "object" && "slowMs" in fault) {
      outgoing.flushHeaders();
      for (const part of [half, text.subarray(half.length)]) {
        await new Promise((resolve) => setTimeout(resolve, fault.slowMs / 2));
        outgoing.write(part);
      }
      return void outgoing.end();
    }
    outgoing.end(text);
  };
  const server: Server = createServer((incoming, outgoing) => {
    // A server that is away, or a client that is gone, is a closed connection.
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultyProxy = {
    uri: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    target,
    fault: () => "pass",
    onAnswered: () => {},
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return proxy;
}

/** A fault for about every third request, in an order that the seed decides. */
export function randomFaults(seed: number, rate = 0.35): () => Fault {
  const random = seeded(seed);
  const html = "<html><h1>Internal Server Error</h1></html>";
  const faults: Fault[] = [
    ...(["drop", "cutRequest", "loseAnswer", "loseAnswer", "cutAnswer", "truncate"] as const),
    ...(["stall", "stallAnswer"] as const),
    { status: 500, body: html },
    { status: 503, body: "", headers: { "retry-after": "0" } },
    { status: 429, body: "", headers: { "retry-after": "0" } },
    { slowMs: 200 },
  ];
  return () => (random() < rate ? faults[Math.floor(random() * faults.length)]! : "pass");
}
