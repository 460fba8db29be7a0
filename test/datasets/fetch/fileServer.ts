import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export type Answer = (response: ServerResponse, request: IncomingMessage, server: FileServer) => void;

/** What a client asked for. */
export interface Asked {
  path: string;
  headers: IncomingHttpHeaders;
}

/** A server of this machine that answers each request to a path with the next of its answers, the last one again and again. */
export class FileServer {
  readonly asked: Asked[] = [];
  /** Bytes that the client has in hand; it tells through `onProgress`, since what it has not read yet is lost with its connection. */
  received = 0;
  readonly onProgress = (progress: number | { doneBytes: number }) => {
    this.received = typeof progress === "number" ? progress : progress.doneBytes;
  };
  private readonly answers = new Map<string, Answer[]>();
  private readonly server = createServer((request, response) => {
    const path = request.url ?? "";
    this.asked.push({ path, headers: request.headers });
    const answers = this.answers.get(path);
    const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
    if (answer) answer(response, request, this);
    else response.writeHead(404).end("not found");
  });

  static async start(): Promise<FileServer> {
    const one = new FileServer();
    await new Promise<void>((ready) => one.server.listen(0, "127.0.0.1", ready));
    running.push(one);
    return one;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the answers of a path and returns its address. */
  on(path: string, ...answers: Answer[]): string {
    this.answers.set(path, answers);
    return `${this.address}${path}`;
  }

  ranges(): (string | undefined)[] {
    return this.asked.map(({ headers }) => headers.range);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const running: FileServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

/** An honest answer: whole, or from the byte that is asked for if the version is still the same. */
export function file(
  content: Uint8Array,
  version: { etag?: string; "last-modified"?: string } = { etag: '"v1"' },
): Answer {
  return (response, { headers }) => {
    const from = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
    const same = [version.etag, version["last-modified"]].includes(String(headers["if-range"]));
    if (from === undefined || (headers["if-range"] !== undefined && !same)) {
      response.writeHead(200, { "content-length": content.length, ...version }).end(content);
    } else if (Number(from) >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}`, ...version }).end();
    } else {
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      const rest = content.subarray(Number(from));
      response.writeHead(206, { "content-range": range, "content-length": rest.length, ...version }).end(rest);
    }
  };
}

/** States the whole length, sends some bytes, and drops the connection once the client has them. */
export function breaksOff(
  content: Uint8Array,
  after: number,
  version: Record<string, string> = { etag: '"v1"' },
): Answer {
  return (response, _, server) => {
    response.writeHead(200, { "content-length": content.length, ...version });
    response.write(content.subarray(0, after));
    dropWhenReceived(response, server, after);
  };
}

export function dropWhenReceived(response: ServerResponse, server: FileServer, bytes: number): void {
  const timer = setInterval(() => {
    if (server.received < bytes && !response.destroyed) return;
    clearInterval(timer);
    response.destroy();
  }, 2);
}

export function status(code: number, headers: Record<string, string> = {}, body = "no"): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

export const webPage: Answer = (response) =>
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<!DOCTYPE html><title>Log in</title>");
