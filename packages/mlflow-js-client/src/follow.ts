import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { MlflowClient } from "./client.js";
import { type Connection, connectionFromEnvironment } from "./environment.js";
import { isRunning, type ProcessIdentity } from "./processLock.js";
import { Sender, type SendResult } from "./sender.js";

export interface FollowOptions {
  /** The folder of the spool. */
  folder: string;
  filesFolder?: string;
  lockFolder?: string;
  /**
   * A JSON file `{uri, server, process?}` that says where the server is now, how it is called and which process it is (as
   * `identityOf` gives it: nothing is sent while that does not run); read anew before each sending, so a server that comes
   * back elsewhere is found. Without it the address is taken from `MLFLOW_TRACKING_URI`.
   */
  addressFile?: string;
  /** The server, instead of the address file and the environment. */
  connection?: Connection;
  /** How often to look for new records, in milliseconds; 500 unless given. */
  intervalMs?: number;
  /** Resolves when the writer has ended: then what is left is sent, and the following ends. */
  ended: Promise<void>;
  /** How long that last sending may take, in milliseconds; 10 seconds unless given. */
  drainMs?: number;
}

const longestPauseMs = 15_000;

/** A server that asks for patience is given at most this, so that one wrong header does not silence a run. */
const longestRetryAfterMs = 10 * 60_000;

/** What is left is tried this often when the writer has ended; a server that is away would only hold up the end. */
const drainAttempts = 3;
const drainPauseMs = 500;

/**
 * Sends a growing spool until its writer has ended. Never throws because of a server; answers the last result, with all
 * that was sent. A server that is away is asked less and less often (up to every 15 s), and not before the time that it
 * asked to wait (`Retry-After`).
 */
export async function followSpool(options: FollowOptions): Promise<SendResult> {
  const follower = new Follower(options);
  const ended = options.ended.then(() => follower.end());
  const result = await follower.run();
  await ended;
  return result;
}

class Follower {
  readonly #options: FollowOptions;
  #ended = false;
  #wake = (): void => {};
  #place = "";
  #client: MlflowClient | undefined;
  #sender: Sender | undefined;
  #sent = 0;
  /** When the last sending must be over, on the clock of `performance.now()`. */
  #until = Number.POSITIVE_INFINITY;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  end(): void {
    const drainMs = this.#options.drainMs ?? 10_000;
    this.#ended = true;
    this.#until = performance.now() + drainMs;
    // A request that is under way has the same time, and no more.
    setTimeout(() => this.#client?.transport.close(), drainMs).unref();
    this.#wake();
  }

  async run(): Promise<SendResult> {
    const intervalMs = this.#options.intervalMs ?? 500;
    for (let failures = 0; !this.#ended; ) {
      const { problem, retryAfterMs = 0 } = await this.#guarded(Number.POSITIVE_INFINITY);
      failures = problem === undefined ? 0 : failures + 1;
      const backOffMs = Math.min(intervalMs * 2 ** Math.min(failures, 10), Math.max(longestPauseMs, intervalMs));
      await this.#pause(Math.max(backOffMs, Math.min(retryAfterMs, longestRetryAfterMs)));
    }
    const result = await this.#drain();
    this.#client?.transport.close();
    return result;
  }

  /** The last sending: as often as it makes sense within its time. */
  async #drain(): Promise<SendResult> {
    for (let attempt = 1; ; attempt++) {
      const leftMs = Math.max(1, this.#until - performance.now());
      const result = await this.#guarded(leftMs);
      const leftAfterMs = this.#until - performance.now();
      if (result.problem !== undefined && leftAfterMs <= 0)
        return { ...result, problem: "the time given for sending is over" };
      const pauseMs = Math.max(drainPauseMs * attempt, result.retryAfterMs ?? 0);
      if (!result.transient || attempt >= drainAttempts || pauseMs >= leftAfterMs) return result;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #guarded(timeoutMs: number): Promise<SendResult> {
    try {
      const sender = this.#senderWithin(timeoutMs);
      if (!this.#ended && !sender.hasWork()) return { sent: this.#sent, pending: 0, rejected: 0, damaged: 0 };
      const result = await sender.send(timeoutMs);
      this.#sent += result.sent;
      return { ...result, sent: this.#sent };
    } catch (error) {
      return { sent: this.#sent, pending: -1, rejected: 0, damaged: 0, problem: (error as Error).message };
    }
  }

  /** The sender to where the server is now. Its requests are given up when the time is over. */
  #senderWithin(timeoutMs: number): Sender {
    const { folder, filesFolder, lockFolder, addressFile } = this.#options;
    const { connection, server } = this.#options.connection
      ? { connection: { ...this.#options.connection }, server: undefined }
      : whereNow(addressFile);
    connection.timeoutMs = Math.min(connection.timeoutMs ?? 30_000, timeoutMs);
    const place = JSON.stringify([connection, server]);
    if (!this.#sender || place !== this.#place) {
      this.#client?.transport.close();
      this.#client = new MlflowClient(connection, { attempts: 1 });
      this.#sender = new Sender({ folder, filesFolder, lockFolder, client: this.#client, server });
      this.#place = place;
    }
    return this.#sender;
  }
}

function whereNow(addressFile: string | undefined): { connection: Connection; server?: string } {
  if (addressFile === undefined) return { connection: connectionFromEnvironment() };
  let text: string;
  try {
    text = readFileSync(addressFile, "utf8");
  } catch {
    throw new Error(`no server has been started yet (${path.basename(addressFile)} is missing)`);
  }
  const {
    uri,
    server,
    process: owner,
  } = JSON.parse(text) as { uri: string; server?: string; process?: ProcessIdentity };
  // Whatever else listens there by now is not that server.
  if (owner && (owner.host !== hostname() || !isRunning(owner)))
    throw new Error(`the server of ${path.basename(addressFile)} does not run on this machine`);
  return { connection: connectionFromEnvironment(process.env, uri), server };
}
