import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { MlflowClient } from "./client.js";
import { type BatchRecord, Blocked, Delivery, Vanished } from "./delivery.js";
import { MlflowError } from "./errors.js";
import { isRunning, type ProcessIdentity, waitForLock } from "./processLock.js";
import { noteRejected, readSentState, type SentState, writeSentState } from "./sentState.js";
import { readSpool, type SpoolSlice, spoolFileName, writerFileName } from "./spool.js";
import { limits } from "./validate.js";

export interface SenderOptions {
  /** The folder of the spool. */
  folder: string;
  /** What the paths of artefacts are relative to; the folder above the spool's unless given. */
  filesFolder?: string;
  client: MlflowClient;
  /** A name of the server that outlives its address; the address unless given. */
  server?: string;
  /** A folder in which processes lock the making of parent runs. */
  lockFolder?: string;
  /** Called after each acknowledged piece with the bytes acknowledged and the size of the spool. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
}

export interface SendResult {
  runId?: string;
  experimentId?: string;
  /** Records that were acknowledged in this call. */
  sent: number;
  /** Records that are still to be sent. */
  pending: number;
  /** Values refused for good, in all; `rejected.jsonl` beside the spool says which and why. */
  rejected: number;
  /** Lines that a crash or a bad disk spoiled: met in this call. */
  damaged: number;
  /** Why not all was sent. */
  problem?: string;
}

/**
 * Sends a spool to a server in order and keeps what was acknowledged. Sending again after a lost answer doubles nothing:
 * a run is found by its key, and the server keeps one of two equal points.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #file: string;
  readonly #server: string;
  readonly #delivery: Delivery;
  #state: SentState;
  #verified = false;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#file = path.join(options.folder, spoolFileName);
    this.#server = options.server ?? options.client.transport.uri;
    this.#state = readSentState(options.folder, this.#server);
    this.#delivery = new Delivery({
      client: options.client,
      filesFolder: options.filesFolder ?? path.dirname(path.resolve(options.folder)),
      lockFolder: options.lockFolder,
      reject: (what, why) => {
        noteRejected(options.folder, this.#server, what, why);
        this.#state.rejected++;
      },
    });
  }

  /** Whether there is something to do, found without asking the server. */
  hasWork(): boolean {
    this.#state = readSentState(this.#options.folder, this.#server);
    return readSpool(this.#file, this.#state.offset, 65_536).end > this.#state.offset || this.#isAbandoned();
  }

  /** Sends what there is at present, for about `timeoutMs`. A server that is away is told in `problem`, never thrown. */
  async send(timeoutMs = Number.POSITIVE_INFINITY): Promise<SendResult> {
    this.#deadline = Date.now() + timeoutMs;
    const result: SendResult = { sent: 0, pending: 0, rejected: 0, damaged: 0 };
    if (this.hasWork()) {
      const release = await waitForLock(path.join(this.#options.folder, "sending.lock"), Math.min(timeoutMs, 10_000));
      if (!release) result.problem = "another process is sending this run";
      else {
        try {
          await this.#sendAll(result);
        } catch (error) {
          if (!(error instanceof MlflowError || error instanceof Blocked)) throw error;
          result.problem = error.message;
        } finally {
          release();
        }
      }
    }
    const { offset, runId, experimentId, rejected } = this.#state;
    return { ...result, pending: countFrom(this.#file, offset), runId, experimentId, rejected };
  }

  async #sendAll(result: SendResult): Promise<void> {
    // Another process may have sent since the last look.
    this.#state = readSentState(this.#options.folder, this.#server);
    try {
      if (this.#state.runId !== undefined && !this.#verified) await this.#delivery.verify(this.#state);
      this.#verified = true;
      for (;;) {
        const slice = readSpool(this.#file, this.#state.offset);
        if (slice.end === this.#state.offset) break;
        result.damaged += slice.damaged;
        if (!(await this.#sendSlice(slice, result))) return;
      }
      if (this.#isAbandoned()) {
        await this.#delivery.markKilled(this.#state, Math.floor(statSync(this.#file).mtimeMs));
        writeSentState(this.#options.folder, this.#server, this.#state);
      }
    } catch (error) {
      if (!(error instanceof Vanished)) throw error;
      this.#state = { offset: 0, rejected: 0, time: 0 };
      writeSentState(this.#options.folder, this.#server, this.#state);
      return this.#sendAll(result);
    }
  }

  /** Answers false when the time is over. */
  async #sendSlice(slice: SpoolSlice, result: SendResult): Promise<boolean> {
    let held: BatchRecord[] = [];
    let values = 0;
    let reached = this.#state.offset;
    const flush = async (): Promise<void> => {
      await this.#delivery.batch(this.#state, held);
      result.sent += held.length;
      held = [];
      values = 0;
      this.#acknowledge(reached, slice.size);
    };
    for (const { record, end } of slice.records) {
      if (Date.now() > this.#deadline) {
        if (held.length > 0) await flush();
        result.problem = "the time given for sending is over";
        return false;
      }
      if (this.#state.runId === undefined && record.kind !== "create" && record.kind !== "attach")
        throw new Blocked(`${this.#file}: the line that names the run is missing or damaged`);
      if (record.kind === "metrics" || record.kind === "params" || record.kind === "tags") {
        held.push(record);
        values += Object.keys(record.values).length;
        reached = end;
        if (values >= limits.entitiesPerBatch) await flush();
      } else {
        if (held.length > 0) await flush();
        await this.#delivery.one(this.#state, record);
        result.sent++;
        reached = end;
        this.#acknowledge(reached, slice.size);
      }
    }
    reached = slice.end;
    await flush();
    return true;
  }

  #acknowledge(offset: number, size: number): void {
    this.#state.offset = offset;
    writeSentState(this.#options.folder, this.#server, this.#state);
    this.#options.onProgress?.(offset, size);
  }

  /** Whether the run is open on the server while the process that wrote it is dead. */
  #isAbandoned(): boolean {
    if (this.#state.status !== "RUNNING") return false;
    try {
      const writer = JSON.parse(readFileSync(path.join(this.#options.folder, writerFileName), "utf8"));
      return !isRunning(writer as ProcessIdentity);
    } catch {
      return false;
    }
  }
}

function countFrom(file: string, from: number): number {
  let count = 0;
  for (let at = from; ; ) {
    const slice = readSpool(file, at);
    count += slice.records.length;
    if (slice.end === at) return count;
    at = slice.end;
  }
}
