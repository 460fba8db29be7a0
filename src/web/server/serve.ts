import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { UserError } from "../../userError.js";
import { SECURITY_HEADERS } from "./headers.js";
import { isOwnHost } from "./ownHost.js";
import { findFile, type Site, type SiteFile, typeOf } from "./site.js";

export interface Served {
  url: string;
  port: number;
  /** Ends the server and every connection. */
  close(): Promise<void>;
}

/** A browser keeps the leave to use the microphone for a name and a port: the same one each time spares the question. */
export const USUAL_PORT = 8417;

/**
 * Serves a site on 127.0.0.1, to this machine alone.
 * @param port a port, 0 for any free one; without it the usual one, or any where that is taken
 * @throws UserError where the port that was asked for is taken
 */
export async function serve(site: Site, port?: number): Promise<Served> {
  const server = createServer();
  const bound = await listen(server, port ?? USUAL_PORT, port === undefined);
  server.on("request", (request, response) => answer(site, bound, request, response));
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    close: async () => {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, "close");
    },
  };
}

async function listen(server: Server, port: number, orAnother: boolean): Promise<number> {
  try {
    server.listen({ port, host: "127.0.0.1", exclusive: true });
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    if (orAnother) return listen(server, 0, false);
    const why = code === "EACCES" ? "may not be opened by this user" : "is taken by another program";
    throw new UserError(`--port ${port}: it ${why}. Leave --port out for a free one.`);
  }
}

function answer(site: Site, port: number, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  response.setHeader("Cache-Control", "no-store");
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
    response.end(`${text}\n`);
  };
  const found = findFile(site, request.url ?? "");
  if (!isOwnHost(request.headers.host, port)) refuse(421, "This server answers at 127.0.0.1 only.");
  else if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    refuse(405, "This server takes nothing, it only gives.");
  } else if (!found) refuse(404, "There is no such file.");
  else send(found.name, found.file, request.method === "HEAD", response, refuse);
}

function send(
  name: string,
  found: SiteFile,
  headOnly: boolean,
  response: ServerResponse,
  refuse: (status: number, text: string) => void,
): void {
  const head = (length: number) => {
    response.writeHead(200, { "Content-Type": typeOf(name), "Content-Length": length });
  };
  if ("content" in found) {
    head(found.content.byteLength);
    response.end(headOnly ? undefined : found.content);
    return;
  }
  const size = statSync(found.file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    refuse(404, "This file has gone since the server was started.");
    return;
  }
  head(size);
  if (headOnly) response.end();
  // A file that shrinks, or a reader that leaves: the connection is cut, which is all that can be done by then.
  else pipeline(createReadStream(found.file), response, () => {});
}
