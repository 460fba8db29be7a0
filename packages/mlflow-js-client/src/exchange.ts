import {
  type Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plain,
} from "node:http";
import { request as secure } from "node:https";
import type { Body, Receive } from "./body.js";
import { ExchangeFailure, secureCode } from "./exchangeFailure.js";

export interface ExchangeOptions {
  method: string;
  headers: Record<string, string>;
  agent: Agent;
  body?: Body;
  /** How long, in milliseconds: for a connection; without a sign of life; from the end of the sending to the answer. */
  limits: { connectMs: number; silenceMs: number; answerMs: number };
  signal?: AbortSignal;
  /** Told after each piece how many bytes have been sent. */
  onSent?: (bytes: number) => void;
  /** Where the body of an answer from 200 to 299 goes; otherwise it is kept in memory. */
  receive?: Receive;
}

export interface Exchanged {
  status: number;
  headers: IncomingHttpHeaders;
  /** Empty where `receive` took it. */
  bytes: Buffer;
}

/** From this size on the server is asked before the body is sent, so that a refusal is read and not lost in a closed connection. */
const askFirstBytes = 1_000_000;
const askFirstMs = 1_000;

/**
 * One request and its answer over HTTP, whole or not at all: a body that ends early is a failure. Redirects are answers like
 * others. Throws `ExchangeFailure`, and unchanged what the source of the body or `receive` throws.
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Exchanged> {
  const one = new Exchange(url, options);
  try {
    return await one.run();
  } finally {
    one.end();
  }
}

class Exchange {
  readonly #options: ExchangeOptions;
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The first thing that went wrong, in our words or as its source threw it. */
  #failure: { error: unknown } | undefined;
  /** Whether the consumer wanted no more of the answer. */
  #abandoned = false;
  #wakeSender = (): void => {};
  readonly #abort = (): void => this.#fail(new ExchangeFailure("ABORTED", "the caller gave up"));

  constructor(url: URL, options: ExchangeOptions) {
    this.#options = options;
    const { method, body, agent, signal } = options;
    const headers: Record<string, string | number> = { ...options.headers };
    if (body) headers["content-length"] = body.length;
    if (body && body.length >= askFirstBytes) headers.expect = "100-continue";
    this.#request = (url.protocol === "https:" ? secure : plain)(url, { method, headers, agent });
    this.#request.on("error", (error) => this.#fail(this.#translated(error)));
    this.#request.on("drain", () => this.#wakeSender());
    this.#request.on("close", () => this.#wakeSender());
    this.#request.once("socket", (socket) => {
      const { connectMs, silenceMs } = options.limits;
      if (!socket.connecting) return this.#watch(silenceMs);
      this.#watch(connectMs, "no connection");
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => this.#watch(silenceMs));
    });
    signal?.addEventListener("abort", this.#abort, { once: true });
    if (signal?.aborted) this.#abort();
  }

  async run(): Promise<Exchanged> {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      this.#request.once("response", resolve);
      this.#request.once("close", () => reject(this.#failure?.error ?? new ExchangeFailure("ECONNRESET", "closed")));
    });
    const sending = this.#send();
    const response = await answered.catch(async (error) => {
      await sending;
      throw this.#failure?.error ?? error;
    });
    this.#response = response;
    this.#wakeSender();
    const head = { status: response.statusCode!, headers: response.headers };
    const chunks = this.#chunks(response);
    try {
      if (this.#options.receive && head.status >= 200 && head.status < 300) {
        await this.#options.receive(head, chunks);
        return { ...head, bytes: Buffer.alloc(0) };
      }
      const all: Uint8Array[] = [];
      for await (const chunk of chunks) all.push(chunk);
      return { ...head, bytes: Buffer.concat(all) };
    } catch (error) {
      // A consumer may have wrapped what the network did.
      throw this.#failure?.error ?? error;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#abort);
    // A connection with half a request or half an answer on it is of no more use.
    if (!this.#request.writableFinished || !this.#response?.complete) this.#request.destroy();
  }

  async #send(): Promise<void> {
    const { body, limits, onSent } = this.#options;
    const request = this.#request;
    try {
      if (body) {
        if (body.length >= askFirstBytes) await this.#leave();
        let sent = 0;
        for await (const chunk of body.chunks) {
          if (this.#isOver()) return;
          sent += chunk.length;
          if (sent > body.length) break;
          if (!request.write(chunk)) await this.#wake();
          if (this.#isOver()) return;
          this.#watch(limits.silenceMs);
          onSent?.(sent);
        }
        if (this.#isOver()) return;
        if (sent !== body.length)
          return this.#fail(
            new ExchangeFailure("FILE_CHANGED", "what was to be sent changed its size while it was sent"),
          );
      }
      request.end(() => {
        if (!this.#isOver()) this.#watch(limits.answerMs);
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Until the server says that it wants the body, says anything else, or nothing for a while, as old servers do. */
  async #leave(): Promise<void> {
    this.#request.flushHeaders();
    const timer = setTimeout(() => this.#wakeSender(), askFirstMs);
    this.#request.once("continue", () => this.#wakeSender());
    await this.#wake();
    clearTimeout(timer);
  }

  #wake(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeSender = resolve;
    });
  }

  /** Whether there is no more sense in sending. */
  #isOver(): boolean {
    return this.#failure !== undefined || this.#response !== undefined || this.#request.destroyed;
  }

  async *#chunks(response: IncomingMessage): AsyncGenerator<Uint8Array> {
    const { silenceMs } = this.#options.limits;
    let ended = false;
    this.#watch(silenceMs);
    try {
      for await (const chunk of response) {
        // The time that the consumer takes is not the server's.
        clearTimeout(this.#timer);
        yield chunk as Uint8Array;
        this.#watch(silenceMs);
      }
      ended = true;
    } catch (error) {
      this.#fail(this.#translated(error as NodeJS.ErrnoException));
      throw this.#failure!.error;
    } finally {
      clearTimeout(this.#timer);
      if (!ended) this.#abandoned = true;
    }
    if (!response.complete) {
      this.#fail(new ExchangeFailure("ECONNRESET", "the answer ended too early"));
      throw this.#failure!.error;
    }
  }

  #watch(ms: number, what = "no answer"): void {
    clearTimeout(this.#timer);
    const late = () => this.#fail(new ExchangeFailure("TIMEOUT", `${what} within ${ms} ms`));
    // A timer holds at most 2^31 - 1 ms; more is as good as for ever.
    if (ms < 2 ** 31) this.#timer = setTimeout(late, ms);
  }

  #fail(error: unknown): void {
    if (!this.#abandoned) this.#failure ??= { error };
    clearTimeout(this.#timer);
    this.#request.destroy();
    this.#response?.destroy();
    this.#wakeSender();
  }

  #translated(error: NodeJS.ErrnoException): ExchangeFailure {
    const code = secureCode(error) ?? error.code ?? error.message;
    const stale = this.#request.reusedSocket && !this.#response && /^(ECONNRESET|EPIPE)$/.test(code);
    return new ExchangeFailure(code, code, stale);
  }
}
