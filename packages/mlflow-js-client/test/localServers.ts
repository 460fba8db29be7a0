import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";

export interface LocalServer {
  uri: string;
  /** The connections that were opened. */
  connections: () => number;
  /** The requests that came, as "METHOD /path". */
  seen: string[];
  close: () => Promise<void>;
}

/** An HTTP server on a free port that answers as it is told; with `tls`, an HTTPS server. */
export async function startLocalServer(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  tls?: ServerOptions,
): Promise<LocalServer> {
  const seen: string[] = [];
  let connections = 0;
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response, seen.length);
  };
  const server: Server = tls ? createSecureServer(tls, handle) : createServer(handle);
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections++;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    connections: () => connections,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
