import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { SpoolRecord } from "./spoolRecords.js";

/** The name of the spool within its folder. */
export const spoolFileName = "spool.jsonl";

/** The bytes of a line before its JSON: eight hexadecimal digits (CRC-32 of the JSON) and a space. */
export const linePrefixBytes = 9;

const newline = 10;

export interface SpoolSlice {
  /** Each record with the offsets in bytes of its line and of what is behind it. */
  records: { record: SpoolRecord; start: number; end: number }[];
  /** Where reading goes on. */
  end: number;
  /** Whole lines whose checksum is wrong: passed over. */
  damaged: number;
  /** The offsets just behind each of the damaged lines. */
  damagedEnds: number[];
  /** The size of the file in bytes; what lies between `end` and it was not read, or is a torn last line. */
  size: number;
}

function parse(line: Buffer): SpoolRecord | undefined {
  if (line.length <= linePrefixBytes || line[8] !== 32) return undefined;
  const json = line.subarray(linePrefixBytes);
  if (Number.parseInt(line.toString("latin1", 0, 8), 16) !== crc32(json)) return undefined;
  return JSON.parse(json.toString("utf8")) as SpoolRecord;
}

/** Calls `use` with an open file; undefined when there is no such file. */
function withFile<T>(file: string, use: (handle: number) => T): T | undefined {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

/** Bytes `from` to `to` of a file, fewer where it ends before. */
function bytesOf(handle: number, from: number, to: number): Buffer {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(handle, buffer, length, buffer.length - length, from + length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

/** The size of a spool in bytes; 0 where there is none. */
export function spoolSize(file: string): number {
  return withFile(file, (handle) => fstatSync(handle).size) ?? 0;
}

/**
 * Reads whole lines from the offset on, about `maximumBytes` at once. A torn last line is left alone: its writer may be
 * about to finish it.
 */
export function readSpool(file: string, from = 0, maximumBytes = 4 * 1024 * 1024): SpoolSlice {
  const slice: SpoolSlice = { records: [], end: from, damaged: 0, damagedEnds: [], size: 0 };
  withFile(file, (handle) => {
    slice.size = fstatSync(handle).size;
    let bytes: Buffer;
    // A line longer than the piece is read in a longer piece.
    for (let length = maximumBytes; ; length *= 4) {
      bytes = bytesOf(handle, from, Math.min(slice.size, from + length));
      if (bytes.includes(newline) || from + length >= slice.size) break;
    }
    for (let at = 0; ; ) {
      const next = bytes.indexOf(newline, at);
      if (next < 0) break;
      const record = parse(bytes.subarray(at, next));
      const start = from + at;
      at = next + 1;
      slice.end = from + at;
      if (record) slice.records.push({ record, start, end: slice.end });
      else slice.damagedEnds.push(slice.end);
    }
  });
  slice.damaged = slice.damagedEnds.length;
  return slice;
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

/** How many whole lines stand behind the offset, without reading what they say. */
export function countLines(file: string, from = 0): number {
  const piece = 1024 * 1024;
  const count = withFile(file, (handle) => {
    let lines = 0;
    for (let at = from; ; at += piece) {
      const bytes = bytesOf(handle, at, at + piece);
      for (let next = bytes.indexOf(newline); next >= 0; next = bytes.indexOf(newline, next + 1)) lines++;
      if (bytes.length < piece) return lines;
    }
  });
  return count ?? 0;
}

/** The offset just behind the last whole line: what is after it is torn. */
export function endOfLastLine(file: string): number {
  const piece = 64 * 1024;
  const end = withFile(file, (handle) => {
    for (let to = fstatSync(handle).size; to > 0; to -= piece) {
      const from = Math.max(0, to - piece);
      const last = bytesOf(handle, from, to).lastIndexOf(newline);
      if (last >= 0) return from + last + 1;
    }
    return 0;
  });
  return end ?? 0;
}

/**
 * A checksum of the bytes just before the offset. A spool that was cut by a power failure or put in another's place, and
 * has grown since, is known by it: what stands before the offset is not what was sent.
 */
export function fingerprint(file: string, offset: number): string | undefined {
  const bytes = withFile(file, (handle) => bytesOf(handle, Math.max(0, offset - 512), offset));
  if (!bytes || bytes.length < Math.min(512, offset)) return undefined;
  return crc32(bytes).toString(16).padStart(8, "0");
}
