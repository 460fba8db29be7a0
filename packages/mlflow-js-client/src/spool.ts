import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { MlflowError } from "./errors.js";
import { holderOf, identityOf, tryLock } from "./processLock.js";
import { endOfLastLine, linePrefixBytes, spoolFileName } from "./spoolReader.js";
import { type SpoolRecord, spooled } from "./spoolRecords.js";

export { countLines, readSpool, readWholeSpool, type SpoolSlice, spoolFileName } from "./spoolReader.js";

/** The name of the file that says which process writes the spool, or was the last to. */
export const writerFileName = "writer.json";

const hexDigits = Buffer.from("0123456789abcdef", "latin1");
const newline = 10;

/**
 * An append-only file of checksummed lines, for one writer at a time. When `append` has returned, the record outlives a
 * SIGKILL of the process; when `sync` or `close` has returned, everything before it outlives a power cut.
 */
export class Spool {
  readonly file: string;
  readonly #folder: string;
  readonly #release: () => void;
  #handle: number | undefined;
  #size = 0;
  #torn = false;
  #folderSynced = false;
  #buffer = Buffer.allocUnsafeSlow(4096);

  /**
   * Opens or makes `<folder>/spool.jsonl`; a last line that was torn by a crash is dropped. Throws `MlflowError`: code
   * "SPOOL_IN_USE" while another writer has it open, "SPOOL" when the disk refuses.
   */
  constructor(folder: string) {
    this.file = path.join(folder, spoolFileName);
    this.#folder = folder;
    this.#release = this.#orRefuse(() => this.#lock());
    try {
      this.#orRefuse(() => this.#open());
    } catch (error) {
      if (this.#handle !== undefined) closeSync(this.#handle);
      this.#release();
      throw error;
    }
  }

  #lock(): () => void {
    mkdirSync(this.#folder, { recursive: true });
    const lock = path.join(this.#folder, "writing.lock");
    const release = tryLock(lock);
    if (release) return release;
    const holder = holderOf(lock);
    throw new MlflowError(
      `${this.file}: process ${holder?.pid ?? "?"} on ${holder?.host ?? "another machine"} is writing this spool; two writers cannot share one`,
      0,
      "SPOOL_IN_USE",
    );
  }

  #open(): void {
    const writer = path.join(this.#folder, writerFileName);
    writeFileSync(`${writer}.tmp`, `${JSON.stringify(identityOf())}\n`);
    renameSync(`${writer}.tmp`, writer);
    this.#size = endOfLastLine(this.file);
    this.#handle = openSync(this.file, "a");
    if (fstatSync(this.#handle).size > this.#size) ftruncateSync(this.#handle, this.#size);
  }

  /** Throws `MlflowError` (code "SPOOL") when the disk does not take the line; what it had taken of it is undone. */
  append(record: SpoolRecord): void {
    if (this.#handle === undefined) throw new MlflowError(`${this.file}: the spool is closed`, 0, "SPOOL");
    const end = this.#encode(record);
    // The byte before the line ends a torn one that could not be taken back: it must not swallow this line.
    const start = this.#torn ? 0 : 1;
    let at = start;
    try {
      while (at < end) at += writeSync(this.#handle, this.#buffer, at, end - at);
      this.#size = this.#torn ? fstatSync(this.#handle).size : this.#size + end - start;
      this.#torn = false;
    } catch (error) {
      if (at > start) this.#takeBack();
      throw refusal(this.file, error);
    }
  }

  /** Writes newline, checksum, space, JSON, newline into the buffer; answers the end. */
  #encode(record: SpoolRecord): number {
    const json = JSON.stringify(record.kind === "metrics" ? withWords(record) : record);
    const start = 1 + linePrefixBytes;
    // UTF-8 needs at most three bytes for a UTF-16 unit.
    const needed = start + json.length * 3 + 1;
    if (needed > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(needed * 2);
    const buffer = this.#buffer;
    const end = start + buffer.write(json, start);
    const sum = crc32(buffer.subarray(start, end));
    buffer[0] = newline;
    for (let digit = 0; digit < 8; digit++) buffer[1 + digit] = hexDigits[(sum >>> (28 - 4 * digit)) & 15]!;
    buffer[9] = 32;
    buffer[end] = newline;
    return end + 1;
  }

  #takeBack(): void {
    try {
      ftruncateSync(this.#handle!, this.#size);
      this.#torn = false;
    } catch {
      this.#torn = true;
    }
  }

  /** Waits until the disk has everything. Throws `MlflowError` (code "SPOOL"). */
  sync(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    this.#orRefuse(() => fsyncSync(handle));
    if (!this.#folderSynced) syncFolder(this.#folder);
    this.#folderSynced = true;
  }

  /** Waits for the disk and lets the next writer in. Throws `MlflowError` (code "SPOOL") after that. */
  close(): void {
    if (this.#handle === undefined) return;
    const handle = this.#handle;
    try {
      this.sync();
    } finally {
      this.#handle = undefined;
      closeSync(handle);
      this.#release();
    }
  }

  #orRefuse<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw error instanceof MlflowError ? error : refusal(this.file, error);
    }
  }
}

function refusal(file: string, error: unknown): MlflowError {
  return new MlflowError(`${file}: cannot write: ${(error as Error).message}`, 0, "SPOOL");
}

/** The record with words for the numbers that JSON does not have and would turn into null. */
function withWords(record: Extract<SpoolRecord, { kind: "metrics" }>): SpoolRecord {
  for (const key in record.values) {
    const value = record.values[key];
    if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0))) continue;
    const entries = Object.entries(record.values);
    const worded = entries.map(([name, one]) => [name, typeof one === "number" ? spooled(one) : one]);
    return { ...record, values: Object.fromEntries(worded) };
  }
  return record;
}

/** A new file is in its folder after a power cut only when the folder is written too; not every system can. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Windows opens no folders.
  }
}
