import { Agent, type AgentOptions } from "node:http";
import { Agent as SecureAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { answerError, networkError, notJsonError } from "./answerError.js";
import { pauseBefore, retryAfterMs } from "./backoff.js";
import { type Connection, parseTrackingUri } from "./environment.js";
import { MlflowError } from "./errors.js";
import { exchange } from "./exchange.js";
import { ExchangeFailure } from "./exchangeFailure.js";
import { redactor } from "./redact.js";
import { type Answer, answerOf, bodyOf, type RequestOptions, requestHeaders } from "./requestParts.js";
import { tlsOptions } from "./tls.js";

export type { Answer, RequestOptions } from "./requestParts.js";

export interface TransportOptions {
  /** How often a repeatable request is tried in all; the connection's `maxRetries` and one, else 4. */
  attempts?: number;
  /** The first pause in milliseconds, each one after it is twice as long; the connection's `backoffMs`, else 250. */
  pauseMs?: number;
  /** The most that is added to a pause at random, in milliseconds; the connection's, else half of `pauseMs`. */
  jitterMs?: number;
  /** How long a connection may take to come about, in milliseconds; 10,000 unless given. */
  connectTimeoutMs?: number;
}

const defaultTimeoutMs = 120_000;

/** A longer wait that a server asks for is not waited for: the error carries it. */
const longestWaitMs = 60_000;

/** Servers of Python close idle connections after 5 s; a connection is left before that. */
const idleMs = 4_000;

/** HTTP with JSON, credentials, TLS, timeouts, and retries with growing pauses, over connections that are kept. */
export class Transport {
  /** The server's address, without credentials. */
  readonly uri: string;
  readonly #connection: Connection;
  readonly #options: TransportOptions;
  readonly #headers: Record<string, string>;
  readonly #redact: (text: string) => string;
  readonly #kept: Agent;
  readonly #single: Agent;
  readonly #underWay = new Set<AbortController>();
  #closed = false;
  readonly #others = new Map<string, Transport>();

  /** Throws `MlflowValidationError` for an address, credentials or certificate files that cannot be used. */
  constructor(connection: Connection, options: TransportOptions = {}) {
    const parsed = parseTrackingUri(connection.uri);
    const { username = parsed.username, password = parsed.password } = connection;
    this.#connection = { ...connection, uri: parsed.uri, username, password };
    this.#options = options;
    this.uri = parsed.uri;
    this.#headers = requestHeaders(this.#connection);
    this.#redact = redactor(this.#connection);
    const secure = this.uri.startsWith("https:");
    const agent = (agentOptions: AgentOptions): Agent =>
      secure ? new SecureAgent({ ...agentOptions, ...tlsOptions(connection) }) : new Agent(agentOptions);
    this.#kept = agent({ keepAlive: true, maxSockets: 10, timeout: idleMs });
    this.#single = agent({ keepAlive: false });
  }

  /**
   * The answer's JSON, an object. Throws `MlflowError`; an answer that is none, or empty, is a transient fault, since what was
   * done is unknown: MLflow writes `{}` where it has nothing to say.
   */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    return this.#repeated(method, path, options, ({ text }) => {
      const parsed = objectIn(text === "" && options.mayBeEmpty ? "{}" : text);
      if (parsed === undefined) throw notJsonError(`${method} ${path}`, text, this.#redact);
      return parsed as T;
    });
  }

  /** The answer as text and bytes. Throws `MlflowError`. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.#repeated(method, path, options, (answer) => answer);
  }

  /**
   * Requests to another address; this one for its own. Another host or port is not given the name, password, token and
   * certificate of this one. Never from https to http.
   */
  at(uri: string): Transport {
    const target = parseTrackingUri(uri).uri;
    if (target === this.uri) return this;
    if (this.uri.startsWith("https:") && !target.startsWith("https:"))
      throw new MlflowError(
        `${target}: credentials for ${this.uri} are not sent without encryption`,
        0,
        "ARTIFACTS_NOT_SERVED",
      );
    let other = this.#others.get(target);
    if (!other) {
      const secrets = { username: undefined, password: undefined, token: undefined, clientCertPath: undefined };
      const isSame = new URL(target).origin === new URL(this.uri).origin;
      other = new Transport({ ...this.#connection, ...(isSame ? {} : secrets), uri: target }, this.#options);
      this.#others.set(target, other);
    }
    return other;
  }

  /** Pauses after attempt number `attempt` (from 1) failed; throws its error where it is not to be made again. */
  async pauseAfter(attempt: number, error: unknown, signal?: AbortSignal): Promise<void> {
    if (!(error instanceof MlflowError)) throw error;
    const { maxRetries, backoffMs, backoffJitterMs, respectRetryAfter } = this.#connection;
    const attempts = this.#options.attempts ?? (maxRetries ?? 3) + 1;
    const pauseMs = this.#options.pauseMs ?? backoffMs ?? 250;
    const jitterMs = this.#options.jitterMs ?? backoffJitterMs ?? pauseMs / 2;
    const askedMs = respectRetryAfter === false ? 0 : (error.retryAfterMs ?? 0);
    const lasting = !error.transient || ["ABORTED", "CLOSED", "TLS"].includes(error.code);
    if (lasting || this.#closed || attempt >= attempts || askedMs > longestWaitMs) throw error;
    const ms = Math.max(pauseBefore(attempt + 1, pauseMs, jitterMs), askedMs);
    await this.#whileOpen(signal, (either) => sleep(ms, undefined, { signal: either })).catch(() => {
      throw error;
    });
  }

  /** Ends all connections; requests under way and later ones fail with code "CLOSED". */
  close(): void {
    this.#closed = true;
    for (const controller of this.#underWay) controller.abort();
    for (const agent of [this.#kept, this.#single]) agent.destroy();
    for (const other of this.#others.values()) other.close();
  }

  async #repeated<T>(method: string, path: string, options: RequestOptions, read: (answer: Answer) => T): Promise<T> {
    return this.#whileOpen(options.signal, (signal) => this.#tried(method, path, { ...options, signal }, read));
  }

  /** Does what is given up by `signal` and by `close`. */
  async #whileOpen<T>(signal: AbortSignal | undefined, act: (either: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    this.#underWay.add(controller);
    try {
      return await act(controller.signal);
    } finally {
      this.#underWay.delete(controller);
      signal?.removeEventListener("abort", abort);
    }
  }

  async #tried<T>(method: string, path: string, options: RequestOptions, read: (answer: Answer) => T): Promise<T> {
    const { retry = true, signal } = options;
    // What must not be repeated does not go over a connection that the other side may have closed.
    let agent = retry ? this.#kept : this.#single;
    for (let attempt = 1; ; attempt++) {
      try {
        if (this.#closed) throw new ExchangeFailure("ABORTED", "the client was closed");
        return read(await this.#once(method, path, options, agent));
      } catch (error) {
        if (error instanceof ExchangeFailure && error.stale && agent === this.#kept) {
          agent = this.#single;
          // This was no attempt: the other side did not see it.
          attempt--;
          continue;
        }
        const failure = this.#asError(`${method} ${this.uri}${path}`, error);
        if (!retry) throw failure;
        await this.pauseAfter(attempt, failure, signal);
      }
    }
  }

  /** Throws on what comes neither from the server nor from the network. */
  #asError(request: string, error: unknown): MlflowError {
    if (error instanceof MlflowError) return error;
    if (!(error instanceof ExchangeFailure)) throw error;
    if (this.#closed) return new MlflowError(`${request}: the client was closed`, 0, "CLOSED");
    return networkError(request, error, this.#redact);
  }

  /** Throws `ExchangeFailure` without an answer, `MlflowError` for one that is no success. */
  async #once(method: string, path: string, options: RequestOptions, agent: Agent): Promise<Answer> {
    const url = new URL(`${this.uri}${path}`);
    for (const [key, value] of Object.entries(options.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const headers = { ...this.#headers };
    const body = await bodyOf(options);
    if (body) headers["content-type"] = options.json === undefined ? "application/octet-stream" : "application/json";
    const silenceMs = this.#connection.timeoutMs ?? defaultTimeoutMs;
    const answerMs = Math.max(options.answerTimeoutMs ?? 0, silenceMs);
    const connectMs = Math.min(this.#options.connectTimeoutMs ?? 10_000, silenceMs);
    const { signal, onSent, receive } = options;
    const limits = { connectMs, silenceMs, answerMs };
    const answer = answerOf(await exchange(url, { method, headers, agent, body, limits, signal, onSent, receive }));
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { "retry-after": after, date } = answer.headers;
    throw answerError(`${method} ${path}`, answer, this.#redact, retryAfterMs(after, date));
  }
}

/** The object that a text is in JSON; undefined for anything else. */
function objectIn(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
