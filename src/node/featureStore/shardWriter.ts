import { randomBytes } from "node:crypto";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { UserError } from "../../userError.js";
import { ALIGNMENT, checkOf, type Drop, dropLine, entryLine } from "./entryLine.js";

export const MAPS_ENDING = ".maps";
export const INDEX_ENDING = ".index";

/** Writes at a place of a file; a test's may fail as a full disk does. */
export type WriteAt = (handle: number, bytes: Uint8Array, from: number, length: number, position: number) => number;

/**
 * One writer's own pair of files: maps, and an index of lines that are appended once their map is written. However the writer
 * ends, what the index names is there; nobody else writes to these files, so that no lock is needed. Nothing is synced: what a
 * loss of power takes is found by the entries' checks, and made again.
 */
export class ShardWriter {
  readonly shard = `${hostLabel()}.${process.pid}.${randomBytes(6).toString("hex")}`;
  private readonly folder: string;
  private readonly writeAt: WriteAt;
  private handles: { maps: number; index: number } | undefined;
  private mapsEnd = 0;
  private indexEnd = 0;

  constructor(folder: string, writeAt: WriteAt = writeSync) {
    this.folder = folder;
    this.writeAt = writeAt;
  }

  /** @throws UserError when the disk is full */
  add(key: string, frames: number, data: Float32Array): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const at = this.mapsEnd;
    this.write("maps", bytes, at);
    this.mapsEnd = Math.ceil((at + bytes.byteLength) / ALIGNMENT) * ALIGNMENT;
    this.append(entryLine({ key, at, frames, check: checkOf(key, bytes) }));
  }

  drop(entry: Drop): void {
    this.append(dropLine(entry));
  }

  close(): void {
    if (!this.handles) return;
    closeSync(this.handles.maps);
    closeSync(this.handles.index);
    this.handles = undefined;
  }

  private append(line: string): void {
    const bytes = Buffer.from(line);
    this.write("index", bytes, this.indexEnd);
    this.indexEnd += bytes.byteLength;
  }

  private write(what: "maps" | "index", bytes: Uint8Array, position: number): void {
    try {
      this.handles ??= this.open();
      const handle = this.handles[what];
      for (let done = 0; done < bytes.byteLength; )
        done += this.writeAt(handle, bytes, done, bytes.byteLength - done, position + done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const trouble = { ENOSPC: "the disk is full", EDQUOT: "the disk quota is used up", EACCES: "may not be written" };
      const said = trouble[code as keyof typeof trouble];
      if (!said) throw error;
      throw new UserError(
        `the feature store ${path.dirname(this.folder)}: ${said} (${code}); what is stored stays, and the same command goes on from there. \`auscult data store prune\` makes room, and AUSCULT_CACHE names another folder`,
      );
    }
  }

  private open(): { maps: number; index: number } {
    const place = path.join(this.folder, this.shard);
    const maps = openSync(place + MAPS_ENDING, "wx");
    return { maps, index: openSync(place + INDEX_ENDING, "wx") };
  }
}

/** The process that writes a shard or wrote it; undefined for names that no writer gives. */
export function writerOf(shard: string): { host: string; pid: number } | undefined {
  const [, host, pid] = /^([^.]+)\.(\d+)\.[0-9a-f]{12}$/.exec(shard) ?? [];
  return host === undefined ? undefined : { host, pid: Number(pid) };
}

const DAY_MS = 86_400_000;

/** Whether a shard's writer may still be at work; one of another machine, which cannot be seen from here, if it wrote within a day. */
export function mayGrow(folder: string, shard: string): boolean {
  const writer = writerOf(shard);
  if (!writer) return false;
  if (writer.host !== hostLabel()) {
    const index = statSync(path.join(folder, shard + INDEX_ENDING), { throwIfNoEntry: false });
    return index !== undefined && Date.now() - index.mtimeMs < DAY_MS;
  }
  try {
    process.kill(writer.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function hostLabel(): string {
  return hostname().replace(/[^A-Za-z0-9-]/g, "-") || "host";
}
