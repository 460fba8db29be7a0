import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { MlflowError } from "./errors.js";
import { identityOf } from "./processLock.js";
import type { SpoolRecord } from "./spoolRecords.js";

/** The name of the spool within its folder. */
export const spoolFileName = "spool.jsonl";

/** The name of the file that says which process writes the spool. */
export const writerFileName = "writer.json";

function line(record: SpoolRecord): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
}

function parse(text: string): SpoolRecord | undefined {
  if (text.length < 10 || text[8] !== " ") return undefined;
  const json = text.slice(9);
  if (Number.parseInt(text.slice(0, 8), 16) !== crc32(json)) return undefined;
  return JSON.parse(json) as SpoolRecord;
}

export interface SpoolSlice {
  /** Each record with the offset in bytes just behind its line. */
  records: { record: SpoolRecord; end: number }[];
  /** Where reading goes on. */
  end: number;
  /** Whole lines whose checksum is wrong: passed over. */
  damaged: number;
  /** The size of the file in bytes; what lies between `end` and it was not read, or is a torn last line. */
  size: number;
}

/**
 * Reads whole lines from the offset on, about `maximumBytes` at once. A torn last line is left alone: its writer may be
 * about to finish it.
 */
export function readSpool(file: string, from = 0, maximumBytes = 4 * 1024 * 1024): SpoolSlice {
  const slice: SpoolSlice = { records: [], end: from, damaged: 0, size: 0 };
  if (!existsSync(file)) return slice;
  const handle = openSync(file, "r");
  try {
    slice.size = fstatSync(handle).size;
    let length = Math.min(slice.size - from, maximumBytes);
    while (length > 0) {
      const buffer = Buffer.alloc(length);
      const read = readSync(handle, buffer, 0, length, from);
      const bytes = buffer.subarray(0, read);
      if (bytes.lastIndexOf(10) < 0 && from + read < slice.size) {
        // A single line longer than the piece: read a longer piece.
        length = Math.min(slice.size - from, length * 4);
        continue;
      }
      for (let at = 0; ; ) {
        const next = bytes.indexOf(10, at);
        if (next < 0) break;
        const record = parse(bytes.toString("utf8", at, next));
        at = next + 1;
        slice.end = from + at;
        if (record) slice.records.push({ record, end: slice.end });
        else slice.damaged++;
      }
      break;
    }
    return slice;
  } finally {
    closeSync(handle);
  }
}

/** Everything that a spool holds, in order. */
export function readWholeSpool(file: string): { records: SpoolRecord[]; damaged: number; end: number } {
  const records: SpoolRecord[] = [];
  let damaged = 0;
  let end = 0;
  for (;;) {
    const slice = readSpool(file, end);
    for (const { record } of slice.records) records.push(record);
    damaged += slice.damaged;
    if (slice.end === end) return { records, damaged, end };
    end = slice.end;
  }
}

/**
 * An append-only file of checksummed lines. When `append` has returned, the record outlives a SIGKILL of the process
 * (not a power cut: only `close` and `sync` wait for the disk). One writer at a time.
 */
export class Spool {
  readonly file: string;
  #handle: number | undefined;
  #size: number;

  /** Opens or makes `<folder>/spool.jsonl`; a last line that was torn by a crash is dropped. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, writerFileName), `${JSON.stringify(identityOf())}\n`);
    this.file = path.join(folder, spoolFileName);
    this.#size = readWholeSpool(this.file).end;
    this.#handle = openSync(this.file, "a");
    if (fstatSync(this.#handle).size > this.#size) ftruncateSync(this.#handle, this.#size);
  }

  /** Throws `MlflowError` (code "SPOOL") when the disk does not take the line; what it had taken of it is undone. */
  append(record: SpoolRecord): void {
    if (this.#handle === undefined) throw new MlflowError(`${this.file}: the spool is closed`, 0, "SPOOL");
    const bytes = Buffer.from(line(record));
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#handle, bytes, at);
      this.#size += bytes.length;
    } catch (error) {
      try {
        ftruncateSync(this.#handle, this.#size);
      } catch {
        // The torn line stays and is dropped by its checksum.
      }
      throw new MlflowError(`${this.file}: cannot write: ${(error as Error).message}`, 0, "SPOOL");
    }
  }

  /** Waits for the disk. */
  sync(): void {
    if (this.#handle !== undefined) fsyncSync(this.#handle);
  }

  close(): void {
    if (this.#handle === undefined) return;
    fsyncSync(this.#handle);
    closeSync(this.#handle);
    this.#handle = undefined;
  }
}
