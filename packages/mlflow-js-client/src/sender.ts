import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import type { MlflowClient } from "./client.js";
import { Blocked, Delivery, Vanished } from "./delivery.js";
import { MlflowError } from "./errors.js";
import { isRunning, type ProcessIdentity, waitForLock } from "./processLock.js";
import type { BatchRecord } from "./recordBatch.js";
import { pendingRecords, Rejections, readSentState, type SentState, writeSentState } from "./sentState.js";
import { writerFileName } from "./spool.js";
import { fingerprint, readSpool, type SpoolSlice, spoolFileName, spoolSize } from "./spoolReader.js";
import type { SpoolRecord } from "./spoolRecords.js";
import { limits } from "./validate.js";

/** A request of one value takes a server as long as one of so many: fewer are not tried. */
const fewestValues = 100;

/** The problem of a sending that nothing but its time stopped. */
export const timeIsOver = "the time given for sending is over";

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
  /** The spool was moved here from another machine: its writer there is taken for dead. */
  moved?: boolean;
  /** Called after each acknowledged piece with the bytes acknowledged and the size of the spool. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
}

export interface SendResult {
  runId?: string;
  experimentId?: string;
  /** Records that were acknowledged in this call. */
  sent: number;
  /** Records that are still to be sent; -1 where that is not known. */
  pending: number;
  /** Values refused for good, in all; `rejected.jsonl` beside the spool says which and why. */
  rejected: number;
  /** Lines that a crash or a bad disk spoiled, in all that was sent. */
  damaged: number;
  /** Why not all was sent. */
  problem?: string;
  /** Whether the problem may pass by itself, as when a server is away. */
  transient?: boolean;
  /** How long the server asked to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * Sends a spool to a server in order and keeps what was acknowledged; files that the artefact store does not take wait until
 * all else is sent. Sending again after a lost answer doubles nothing:
 * a run is found by its key, and the server keeps one of two equal points.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #file: string;
  readonly #server: string;
  readonly #delivery: Delivery;
  #rejections: Rejections;
  #state: SentState;
  #verifiedRun: string | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  /** Why the artefact store did not take a file in this sending. */
  #storeFault: MlflowError | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#file = path.join(options.folder, spoolFileName);
    this.#server = options.server ?? options.client.transport.uri;
    this.#state = readSentState(options.folder, this.#server);
    this.#rejections = new Rejections(options.folder, this.#server);
    this.#delivery = new Delivery({
      client: options.client,
      filesFolder: options.filesFolder ?? path.dirname(path.resolve(options.folder)),
      lockFolder: options.lockFolder,
      reject: (what, why) => this.#rejections.note(what, why),
    });
  }

  /** Whether there is something to do, found without asking the server. */
  hasWork(): boolean {
    this.#state = readSentState(this.#options.folder, this.#server);
    const { offset, deferred = [] } = this.#state;
    const size = spoolSize(this.#file);
    if (deferred.length > 0) return true;
    if (size > offset && readSpool(this.#file, offset, 65_536).end > offset) return true;
    // A spool that is shorter than what was sent lost its end, and may grow again.
    return (size > 0 && size < offset) || this.#isAbandoned();
  }

  /** Sends what there is at present, for about `timeoutMs`. Whatever stands in the way is told in `problem`, never thrown. */
  async send(timeoutMs = Number.POSITIVE_INFINITY): Promise<SendResult> {
    this.#deadline = performance.now() + timeoutMs;
    const result: SendResult = { sent: 0, pending: 0, rejected: 0, damaged: 0 };
    try {
      if (this.hasWork()) await this.#sendLocked(result, timeoutMs);
    } catch (error) {
      result.problem = (error as Error).message;
      if (error instanceof MlflowError) {
        result.transient = error.transient;
        result.retryAfterMs = error.retryAfterMs;
      }
    }
    const { runId, experimentId, damaged } = this.#state;
    const pending = pendingRecords(this.#options.folder, this.#state);
    return { ...result, pending, runId, experimentId, rejected: this.#rejections.count, damaged };
  }

  async #sendLocked(result: SendResult, timeoutMs: number): Promise<void> {
    const { folder } = this.#options;
    const release = await waitForLock(path.join(folder, "sending.lock"), Math.min(timeoutMs, 10_000));
    if (!release) {
      result.problem = "another process is sending this run";
      result.transient = true;
      return;
    }
    try {
      // Another process may have sent since the last look.
      this.#state = readSentState(folder, this.#server);
      this.#rejections = new Rejections(folder, this.#server);
      const { offset, tail } = this.#state;
      if (offset > 0 && (spoolSize(this.#file) < offset || (tail && fingerprint(this.#file, offset) !== tail)))
        this.#startAgain();
      await this.#sendAll(result);
    } catch (error) {
      if (!(error instanceof Vanished)) throw error;
      this.#startAgain();
      try {
        await this.#sendAll(result);
      } catch (again) {
        throw again instanceof Vanished ? new Blocked("the server loses the run as often as it is made") : again;
      }
    } finally {
      release();
    }
  }

  /** Everything is sent once more: to the run of the same key, if the server has it. */
  #startAgain(): void {
    this.#rejections.clear();
    this.#state = { offset: 0, rejected: 0, damaged: 0, time: 0 };
    writeSentState(this.#options.folder, this.#server, this.#state);
  }

  async #sendAll(result: SendResult): Promise<void> {
    if (this.#state.runId !== undefined && this.#verifiedRun !== this.#state.runId)
      await this.#delivery.verify(this.#state);
    this.#verifiedRun = this.#state.runId;
    this.#storeFault = undefined;
    for (;;) {
      const slice = readSpool(this.#file, this.#state.offset);
      if (slice.end === this.#state.offset) break;
      if (!(await this.#sendSlice(slice, result))) return;
    }
    if (this.#isAbandoned()) {
      await this.#delivery.markKilled(this.#state, Math.floor(statSync(this.#file).mtimeMs));
      writeSentState(this.#options.folder, this.#server, this.#state);
    }
    await this.#sendDeferred(result);
  }

  /** Answers false when the time is over. */
  async #sendSlice(slice: SpoolSlice, result: SendResult): Promise<boolean> {
    let held: BatchRecord[] = [];
    let values = 0;
    let reached = this.#state.offset;
    const flush = async (): Promise<void> => {
      await this.#batch(held, values);
      result.sent += held.length;
      held = [];
      values = 0;
      this.#acknowledge(reached, slice);
    };
    for (const { record, start, end } of slice.records) {
      if (performance.now() > this.#deadline) {
        if (held.length > 0) await flush();
        result.problem = timeIsOver;
        return false;
      }
      if (this.#state.runId === undefined && record.kind !== "create" && record.kind !== "attach")
        throw new Blocked(`${this.#file}: the line that names the run is missing or damaged`);
      if (record.kind === "metrics" || record.kind === "params" || record.kind === "tags") {
        const size = Object.keys(record.values).length;
        // A full request, and not a full one with a small one behind it.
        if (held.length > 0 && values + size > this.#valuesPerRequest()) await flush();
        held.push(record);
        values += size;
        reached = end;
      } else {
        if (held.length > 0) await flush();
        if (await this.#oneOrDefer(record, start)) result.sent++;
        this.#verifiedRun = this.#state.runId;
        reached = end;
        this.#acknowledge(reached, slice);
      }
    }
    reached = slice.end;
    await flush();
    return true;
  }

  /**
   * Sends a record that is not of values. A file that the artefact store does not take now is put off, and so are the files
   * after it, since one may replace another: answers false.
   */
  async #oneOrDefer(record: Exclude<SpoolRecord, BatchRecord>, start: number): Promise<boolean> {
    const isFile = record.kind === "artifact" || record.kind === "model";
    try {
      if (!isFile || (this.#storeFault === undefined && !this.#state.deferred?.length)) {
        await this.#delivery.one(this.#state, record);
        return true;
      }
    } catch (error) {
      if (!isFile || !(error instanceof MlflowError)) throw error;
      this.#storeFault = error;
    }
    this.#state.deferred = [...(this.#state.deferred ?? []), start];
    return false;
  }

  /** Sends the files that were put off, once everything else is there. Throws the fault of the first that fails. */
  async #sendDeferred(result: SendResult): Promise<void> {
    while (this.#state.deferred?.length) {
      if (this.#storeFault !== undefined) throw this.#storeFault;
      if (performance.now() > this.#deadline) {
        result.problem = timeIsOver;
        return;
      }
      const [start, ...later] = this.#state.deferred;
      const [line] = readSpool(this.#file, start, 65_536).records;
      if (line?.start === start)
        await this.#delivery.one(this.#state, line.record as Exclude<SpoolRecord, BatchRecord>);
      // It was whole when it was put off: the disk has spoiled it since.
      else this.#state.damaged++;
      result.sent++;
      this.#state.deferred = later;
      this.#state.rejected = this.#rejections.count;
      writeSentState(this.#options.folder, this.#server, this.#state);
    }
  }

  async #batch(records: BatchRecord[], values: number): Promise<void> {
    try {
      await this.#delivery.batch(this.#state, records);
    } catch (error) {
      const isLate = error instanceof MlflowError && (error.code === "TIMEOUT" || error.status === 504);
      if (isLate && values > fewestValues) this.#askFor(Math.ceil(values / 2));
      throw error;
    }
    // Small ones say nothing about larger ones.
    if (this.#state.valuesPerRequest !== undefined && values * 2 > this.#state.valuesPerRequest)
      this.#state.valuesPerRequest = Math.min(limits.entitiesPerBatch, this.#state.valuesPerRequest + fewestValues);
  }

  #valuesPerRequest(): number {
    return this.#state.valuesPerRequest ?? limits.entitiesPerBatch;
  }

  /** Kept on disk: the next process must not begin with what this one could not get answered. */
  #askFor(values: number): void {
    this.#state.valuesPerRequest = Math.max(fewestValues, values);
    writeSentState(this.#options.folder, this.#server, this.#state);
  }

  #acknowledge(offset: number, slice: SpoolSlice): void {
    const state = this.#state;
    state.damaged += slice.damagedEnds.filter((end) => end > state.offset && end <= offset).length;
    state.rejected = this.#rejections.count;
    state.offset = offset;
    state.tail = fingerprint(this.#file, offset);
    writeSentState(this.#options.folder, this.#server, state);
    this.#options.onProgress?.(offset, slice.size);
  }

  /** Whether the run is open on the server while the process that wrote it is dead. */
  #isAbandoned(): boolean {
    if (this.#state.status !== "RUNNING") return false;
    try {
      const file = path.join(this.#options.folder, writerFileName);
      const writer = JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
      return this.#options.moved && writer.host !== hostname() ? true : !isRunning(writer);
    } catch {
      return false;
    }
  }
}
