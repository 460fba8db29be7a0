import { MlflowClient } from "../client.js";
import type { Connection } from "../environment.js";
import { Sender, type SendResult } from "../sender.js";
import type { FollowRequest } from "./followCommands.js";
import { isComplete, removeIfComplete } from "./spoolFolders.js";

const intervalMs = 500;
const longestPauseMs = 15_000;

interface Followed {
  request: FollowRequest;
  settle: (result: SendResult) => void;
  result: Promise<SendResult>;
  failures: number;
  /** How long the server asked to be left alone. */
  retryAfterMs: number;
  sent: number;
}

/**
 * Sends spools from this process, between its other work: for where no second process can be had. Its timer keeps no
 * process alive; a request that is under way does, for as long as it may take.
 */
export class InlineSender {
  readonly #connection: Connection;
  readonly #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | undefined;
  #round = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get alive(): boolean {
    return true;
  }

  /** Whether a spool is being sent. */
  follows(folder: string): boolean {
    return this.#followed.has(folder);
  }

  /** Starts to send a spool. Answers the last result once it has been finished, or is complete. Never rejects. */
  follow(request: FollowRequest): Promise<SendResult> {
    const known = this.#followed.get(request.folder);
    if (known) return known.result;
    let settle = (_: SendResult): void => {};
    const result = new Promise<SendResult>((resolve) => {
      settle = resolve;
    });
    this.#followed.set(request.folder, { request, settle, result, failures: 0, retryAfterMs: 0, sent: 0 });
    this.#plan();
    return result;
  }

  /** Sends what is left of a spool within its time and stops to follow it. */
  async finish(folder: string): Promise<SendResult> {
    const followed = this.#followed.get(folder);
    if (!followed) return { sent: 0, pending: -1, rejected: 0, damaged: 0, problem: "this spool is not being sent" };
    await this.#round;
    if (this.#followed.has(folder))
      this.#settle(followed, await this.#attempt(followed, followed.request.drainMs ?? 10_000, 2));
    return followed.result;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#round;
  }

  #plan(): void {
    if (this.#timer || this.#followed.size === 0) return;
    const followed = [...this.#followed.values()];
    const fewestFailures = Math.min(...followed.map(({ failures }) => failures));
    const askedMs = Math.min(...followed.map(({ retryAfterMs }) => retryAfterMs));
    const pauseMs = Math.max(Math.min(intervalMs * 2 ** Math.min(fewestFailures, 10), longestPauseMs), askedMs);
    this.#timer = setTimeout(() => {
      this.#round = this.#sendAll().finally(() => {
        this.#timer = undefined;
        this.#plan();
      });
    }, pauseMs);
    this.#timer.unref();
  }

  async #sendAll(): Promise<void> {
    for (const followed of this.#followed.values()) {
      const result = await this.#attempt(followed, 5_000, 1);
      followed.failures = result.problem ? followed.failures + 1 : 0;
      followed.retryAfterMs = result.retryAfterMs ?? 0;
      const { folder } = followed.request;
      if (isComplete(folder, this.#connection.uri)) this.#settle(followed, result);
    }
  }

  async #attempt(followed: Followed, timeoutMs: number, attempts: number): Promise<SendResult> {
    const { folder, filesFolder, lockFolder } = followed.request;
    const client = new MlflowClient(
      { ...this.#connection, timeoutMs: this.#connection.timeoutMs ?? timeoutMs },
      { attempts },
    );
    try {
      const result = await new Sender({ folder, filesFolder, lockFolder, client }).send(timeoutMs);
      followed.sent += result.sent;
      return { ...result, sent: followed.sent };
    } catch (error) {
      return { sent: followed.sent, pending: -1, rejected: 0, damaged: 0, problem: (error as Error).message };
    }
  }

  #settle(followed: Followed, result: SendResult): void {
    const { folder, removeWhenComplete } = followed.request;
    this.#followed.delete(folder);
    if (removeWhenComplete) removeIfComplete(folder, this.#connection.uri);
    followed.settle(result);
  }
}
