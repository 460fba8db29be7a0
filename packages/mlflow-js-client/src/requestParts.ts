import type { IncomingHttpHeaders } from "node:http";
import type { Body, Receive } from "./body.js";
import type { Connection } from "./environment.js";
import { MlflowValidationError } from "./errors.js";
import type { Exchanged } from "./exchange.js";
import { bytesBody } from "./files.js";

export interface RequestOptions {
  /** Appended to the address; undefined values are left out. */
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** A body that is too large for memory: asked for anew at each attempt. */
  body?: () => Promise<Body>;
  /** Told how many bytes of the body have been sent; begins again with a repetition. */
  onSent?: (bytes: number) => void;
  /** Takes the body of a good answer in pieces instead of memory: called anew at each attempt. */
  receive?: Receive;
  /** Whether the request may be repeated after a transient fault: true unless said otherwise. */
  retry?: boolean;
  /** How long the server may take from the end of the sending to its answer, in milliseconds, if that is more than the connection's `timeoutMs`. */
  answerTimeoutMs?: number;
  /** Whether an empty answer is as good as `{}`. */
  mayBeEmpty?: boolean;
  /** Gives up: the request fails with code "ABORTED". */
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Uint8Array;
  /** The bytes as UTF-8. */
  readonly text: string;
}

export function answerOf({ status, headers, bytes }: Exchanged): Answer {
  return {
    status,
    headers,
    bytes,
    get text() {
      return bytes.toString("utf8");
    },
  };
}

export async function bodyOf({ json, body }: RequestOptions): Promise<Body | undefined> {
  if (body) return body();
  return json === undefined ? undefined : bytesBody(Buffer.from(JSON.stringify(json)));
}

/** What every request of a connection carries. Throws `MlflowValidationError` for what no header can. */
export function requestHeaders(connection: Connection): Record<string, string> {
  const { username, password, token, workspace } = connection;
  const headers: Record<string, string> = {
    accept: "application/json, */*;q=0.5",
    // Sizes are compared: nothing is to be packed on the way.
    "accept-encoding": "identity",
    "user-agent": "mlflow-js-client",
  };
  if (username !== undefined)
    headers.authorization = `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}`;
  else if (token) headers.authorization = `Bearer ${token}`;
  if (workspace) headers["x-mlflow-workspace"] = workspace;
  for (const [field, value] of [
    ["token", token],
    ["workspace", workspace],
  ] as const)
    if (value && !/^[\x20-\x7e]+$/.test(value))
      throw new MlflowValidationError(field, "it holds a line end or a character that no HTTP header carries");
  return headers;
}
