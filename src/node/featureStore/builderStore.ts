import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, readSync, utimesSync } from "node:fs";
import path from "node:path";
import { builderText, type ClipBuilder, type Piece } from "../../features/store/clipBuilder.js";
import { writeJsonAtomic } from "../atomicFile.js";
import { cacheFolder } from "../paths.js";
import { checkOf, type Entry } from "./entryLine.js";
import { ShardIndexes } from "./shardIndexes.js";
import { MAPS_ENDING, ShardWriter } from "./shardWriter.js";

/** What `builder.json` holds; its time of modification is when the maps were last asked for. */
export interface BuilderRecord {
  format: 2;
  name: string;
  /** `builderText`. */
  text: string;
  rows: number;
  channels: number;
}

export const BUILDER_FILE = "builder.json";

/** `features/` in the cache folder: one folder for each builder. */
export function featureStoreFolder(): string {
  return path.join(cacheFolder(), "features");
}

/** All stored maps of one builder. */
export class BuilderStore {
  readonly folder: string;
  readonly record: BuilderRecord;
  readonly indexes: ShardIndexes;
  private readonly builderDigest: string;
  private readonly handles = new Map<string, number>();

  private constructor(folder: string, record: BuilderRecord) {
    this.folder = folder;
    this.record = record;
    this.builderDigest = sha256(record.text);
    this.indexes = new ShardIndexes(folder, record.rows * record.channels * 4);
    this.indexes.refresh();
  }

  /** Makes its folder where there is none, and notes that it was used. */
  static of(builder: ClipBuilder): BuilderStore {
    const { name, rows, channels = 1 } = builder;
    const record: BuilderRecord = { format: 2, name, text: builderText(builder), rows, channels };
    const folder = path.join(featureStoreFolder(), `${fileName(name)}-${sha256(record.text).slice(0, 16)}`);
    mkdirSync(folder, { recursive: true });
    if (readRecord(folder)?.text === record.text) touch(path.join(folder, BUILDER_FILE));
    else writeJsonAtomic(path.join(folder, BUILDER_FILE), record);
    return new BuilderStore(folder, record);
  }

  /** Opens what stands in a folder; undefined where its record is missing or damaged. */
  static at(folder: string): BuilderStore | undefined {
    const record = readRecord(folder);
    return record && new BuilderStore(folder, record);
  }

  /** SHA-256, hexadecimal, over the recording's content, the cut, the builder and the code's versions. */
  keyOf(recordingSha256: string, { startSeconds, endSeconds }: Piece): string {
    return sha256(JSON.stringify([this.builderDigest, recordingSha256, startSeconds ?? null, endSeconds ?? null]));
  }

  bytesOf({ frames }: Entry): number {
    return frames * this.record.rows * this.record.channels * 4;
  }

  /** Reads an entry's map into `out`, which has its size. @returns whether it is what was written */
  read(entry: Entry, out: Uint8Array): boolean {
    let handle = this.handles.get(entry.shard);
    try {
      if (handle === undefined) {
        handle = openSync(path.join(this.folder, entry.shard + MAPS_ENDING), "r");
        this.handles.set(entry.shard, handle);
      }
      for (let held = 0; held < out.byteLength; ) {
        const read = readSync(handle, out, held, out.byteLength - held, entry.at + held);
        if (read === 0) return false;
        held += read;
      }
    } catch (error) {
      if (["ENOENT", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
      throw error;
    }
    return checkOf(entry.key, out) === entry.check;
  }

  /** Sees to it that entries found damaged are served to nobody again. */
  drop(entries: readonly Entry[]): void {
    const writer = new ShardWriter(this.folder);
    try {
      for (const entry of entries) {
        this.indexes.drop(entry);
        writer.drop(entry);
      }
    } finally {
      writer.close();
    }
  }

  close(): void {
    for (const handle of this.handles.values()) closeSync(handle);
    this.handles.clear();
  }
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readRecord(folder: string): BuilderRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path.join(folder, BUILDER_FILE), "utf8")) as BuilderRecord;
    const counts = [record.rows, record.channels].every((count) => Number.isSafeInteger(count) && count > 0);
    return record.format === 2 && typeof record.text === "string" && counts ? record : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Read by somebody who may not write: only its age is then unknown.
  }
}

function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 40);
}
