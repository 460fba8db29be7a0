import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { ALIGNMENT, type Drop, type Entry, parseLine } from "./entryLine.js";
import { INDEX_ENDING, MAPS_ENDING, writerOf } from "./shardWriter.js";

/** How far a shard's index was read, and what was odd in it. */
export interface ShardState {
  readTo: number;
  entries: Entry[];
  /** Entries that its lines drop, of whichever shard. */
  drops: Drop[];
  /** Lines whose checksum does not fit, or that say what cannot be. */
  damagedLines: number;
  /** Bytes after the last whole line: a line being written, or what a killed writer left of one. */
  tornBytes: number;
  mapsBytes: number;
}

/** What the indexes of all shards in a folder say. They only grow: each look reads what came since the last. */
export class ShardIndexes {
  readonly shards = new Map<string, ShardState>();
  private readonly folder: string;
  private readonly bytesPerFrame: number;
  private readonly byKey = new Map<string, Entry[]>();
  private readonly dropped = new Set<string>();

  constructor(folder: string, bytesPerFrame: number) {
    this.folder = folder;
    this.bytesPerFrame = bytesPerFrame;
  }

  refresh(): void {
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith(INDEX_ENDING)) continue;
      const shard = name.slice(0, -INDEX_ENDING.length);
      if (!writerOf(shard)) continue;
      let state = this.shards.get(shard);
      if (!state) {
        state = { readTo: 0, entries: [], drops: [], damagedLines: 0, tornBytes: 0, mapsBytes: 0 };
        this.shards.set(shard, state);
      }
      try {
        this.readOn(shard, state);
      } catch (error) {
        // Pruned by another process meanwhile: what is gone is made again.
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  }

  find(key: string): Entry | undefined {
    return this.byKey.get(key)?.find((entry) => !this.dropped.has(nameOf(entry)));
  }

  drop(entry: Drop): void {
    this.dropped.add(nameOf(entry));
  }

  isDropped(entry: Entry): boolean {
    return this.dropped.has(nameOf(entry));
  }

  private readOn(shard: string, state: ShardState): void {
    const place = path.join(this.folder, shard);
    const text = readFrom(place + INDEX_ENDING, state.readTo);
    // After the index, so that the maps it names are in it.
    state.mapsBytes = statSync(place + MAPS_ENDING).size;
    const lines = text.toString("utf8").split("\n");
    const torn = lines.pop()!;
    state.tornBytes = Buffer.byteLength(torn);
    state.readTo += text.byteLength - state.tornBytes;
    for (const line of lines) {
      const found = parseLine(line, shard);
      if (found && "drop" in found) {
        this.drop(found.drop);
        state.drops.push(found.drop);
      } else if (found && this.canBe(found.entry, state.mapsBytes)) this.add(found.entry, state);
      else state.damagedLines++;
    }
  }

  /** A cut file, or an index that names what was never there. */
  private canBe({ key, at, frames }: Entry, mapsBytes: number): boolean {
    const whole = [at, frames].every((value) => Number.isSafeInteger(value) && value >= 0);
    const inside = at % ALIGNMENT === 0 && frames > 0 && at + frames * this.bytesPerFrame <= mapsBytes;
    return typeof key === "string" && whole && inside;
  }

  private add(entry: Entry, state: ShardState): void {
    state.entries.push(entry);
    const same = this.byKey.get(entry.key);
    if (same) same.push(entry);
    else this.byKey.set(entry.key, [entry]);
  }
}

function nameOf({ key, shard, at }: Drop): string {
  return `${shard} ${at} ${key}`;
}

function readFrom(file: string, start: number): Buffer {
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(handle).size - start));
    let held = 0;
    while (held < bytes.length) {
      const read = readSync(handle, bytes, held, bytes.length - held, start + held);
      if (read === 0) break;
      held += read;
    }
    return bytes.subarray(0, held);
  } finally {
    closeSync(handle);
  }
}
