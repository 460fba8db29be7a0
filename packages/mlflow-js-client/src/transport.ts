import type { Connection } from "./environment.js";
import { MlflowError } from "./errors.js";

export interface RequestOptions {
  /** Appended to the address; undefined values are left out. */
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  bytes?: Uint8Array;
  /** Whether the request may be repeated after a transient fault: true unless said otherwise. */
  retry?: boolean;
  timeoutMs?: number;
}

export interface TransportOptions {
  /** How often a repeatable request is tried in all; 4 unless said otherwise. */
  attempts?: number;
  /** The first pause in milliseconds; each one after it is twice as long. */
  pauseMs?: number;
}

const defaultTimeoutMs = 30_000;

/** HTTP with JSON, credentials, timeouts, and retries with growing pauses. */
export class Transport {
  readonly uri: string;
  readonly #headers: Record<string, string> = { accept: "application/json" };
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #pauseMs: number;

  constructor(connection: Connection, options: TransportOptions = {}) {
    this.uri = connection.uri;
    this.#timeoutMs = connection.timeoutMs ?? defaultTimeoutMs;
    this.#attempts = options.attempts ?? 4;
    this.#pauseMs = options.pauseMs ?? 250;
    if (connection.username !== undefined)
      this.#headers.authorization = `Basic ${Buffer.from(`${connection.username}:${connection.password ?? ""}`).toString("base64")}`;
    else if (connection.token) this.#headers.authorization = `Bearer ${connection.token}`;
  }

  /** The answer's JSON. Throws `MlflowError`. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const { text } = await this.request(method, path, options);
    try {
      return (text === "" ? {} : JSON.parse(text)) as T;
    } catch {
      throw new MlflowError(`${method} ${path}: the answer is not JSON: ${plain(text)}`, 200, "NOT_JSON");
    }
  }

  /** The answer as text and bytes. Throws `MlflowError`. */
  async request(
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<{ text: string; bytes: Uint8Array }> {
    const attempts = options.retry === false ? 1 : this.#attempts;
    for (let attempt = 1; ; attempt++) {
      const { failure, retryAfterMs, bytes } = await this.#once(method, path, options);
      if (!failure) return { text: Buffer.from(bytes!).toString("utf8"), bytes: bytes! };
      if (!failure.transient || attempt >= attempts) throw failure;
      const pauseMs = Math.max(this.#pauseMs * 2 ** (attempt - 1), Math.min(retryAfterMs, 30_000));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #once(
    method: string,
    path: string,
    options: RequestOptions,
  ): Promise<{ failure?: MlflowError; retryAfterMs: number; bytes?: Uint8Array }> {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) query.set(key, String(value));
    const headers = { ...this.#headers };
    if (options.json !== undefined) headers["content-type"] = "application/json";
    if (options.bytes !== undefined) headers["content-type"] = "application/octet-stream";
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    try {
      const response = await fetch(`${this.uri}${path}${query.size ? `?${query}` : ""}`, {
        method,
        headers,
        body: options.bytes ?? (options.json === undefined ? undefined : JSON.stringify(options.json)),
        // A redirect would turn a POST into a GET, and could carry credentials elsewhere.
        redirect: "manual",
        signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status >= 200 && response.status < 300) return { retryAfterMs: 0, bytes };
      const retryAfterMs = Number(response.headers.get("retry-after") ?? 0) * 1000 || 0;
      return { failure: answered(method, path, response.status, Buffer.from(bytes).toString("utf8")), retryAfterMs };
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      const why = late ? `no answer within ${timeoutMs} ms` : reason(error);
      return {
        failure: new MlflowError(`${method} ${this.uri}${path}: ${why}`, 0, late ? "TIMEOUT" : "UNREACHABLE"),
        retryAfterMs: 0,
      };
    }
  }
}

function reason(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code || cause?.message || String((error as Error).message ?? error);
}

/** A text without markup, on one line, at most 300 characters. */
function plain(text: string): string {
  const line = text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}

function answered(method: string, path: string, status: number, body: string): MlflowError {
  try {
    const parsed = JSON.parse(body) as { error_code?: string; message?: string };
    if (parsed.error_code || parsed.message)
      return new MlflowError(
        `${method} ${path}: ${plain(parsed.message ?? "")} (${status})`,
        status,
        parsed.error_code ?? `HTTP_${status}`,
      );
  } catch {
    // Errors are not always JSON: the text is used instead.
  }
  return new MlflowError(
    `${method} ${path}: ${plain(body) || "no reason given"} (${status})`,
    status,
    `HTTP_${status}`,
  );
}
