import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { BUILDER_FILE, BuilderStore, featureStoreFolder } from "./builderStore.js";
import type { Entry } from "./entryLine.js";
import { INDEX_ENDING, MAPS_ENDING, mayGrow, writerOf } from "./shardWriter.js";

/** What stands in one folder of the feature store. */
export interface StoredBuilder {
  /** The folder's name. */
  folder: string;
  /** The builder's; undefined for a folder without a readable record, which serves nobody. */
  builder?: string;
  /** Maps that are served. */
  entries: number;
  shards: number;
  bytes: number;
  /** When its maps were last asked for, ISO 8601. */
  lastUsed: string;
  /** Index lines that are not as they were written, which count for nothing. */
  damagedLines: number;
  /** Entries found damaged earlier; their place is taken until the shard is pruned. */
  dropped: number;
  /** Whether a process may be writing to it. */
  inUse: boolean;
}

export interface StoreSurvey {
  folder: string;
  builders: StoredBuilder[];
  entries: number;
  bytes: number;
}

/** Names and sizes of all that is stored; maps are not read. */
export function surveyStore(): StoreSurvey {
  const folder = featureStoreFolder();
  const builders = foldersIn(folder).map((name) => surveyBuilder(path.join(folder, name)));
  const sum = (of: (builder: StoredBuilder) => number) => builders.reduce((all, builder) => all + of(builder), 0);
  return { folder, builders, entries: sum(({ entries }) => entries), bytes: sum(({ bytes }) => bytes) };
}

function surveyBuilder(folder: string): StoredBuilder {
  const files = readdirSync(folder);
  const place = (file: string) => path.join(folder, file);
  const lastUsed = statSync(files.includes(BUILDER_FILE) ? place(BUILDER_FILE) : folder).mtime.toISOString();
  const shards = shardsIn(files);
  const base = {
    folder: path.basename(folder),
    shards: shards.length,
    bytes: files.reduce((sum, file) => sum + bytesOf(place(file)), 0),
    lastUsed,
    inUse: shards.some((shard) => mayGrow(folder, shard)),
  };
  const store = BuilderStore.at(folder);
  if (!store) return { ...base, entries: 0, damagedLines: 0, dropped: 0 };
  const states = [...store.indexes.shards.values()];
  const all = states.flatMap(({ entries }) => entries);
  return {
    ...base,
    builder: store.record.name,
    entries: servedOf(store).size,
    damagedLines: states.reduce((sum, { damagedLines }) => sum + damagedLines, 0),
    dropped: all.filter((entry) => store.indexes.isDropped(entry)).length,
  };
}

/** The entry that is served for each key. */
export function servedOf(store: BuilderStore): Map<string, Entry> {
  const served = new Map<string, Entry>();
  for (const { entries } of store.indexes.shards.values()) {
    for (const { key } of entries) {
      const entry = store.indexes.find(key);
      if (entry) served.set(key, entry);
    }
  }
  return served;
}

export function foldersIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true });
    return found
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Shards of which either file is there. */
export function shardsIn(files: readonly string[]): string[] {
  const names = files.flatMap((file) => {
    const ending = [MAPS_ENDING, INDEX_ENDING].find((one) => file.endsWith(one));
    return ending ? [file.slice(0, -ending.length)] : [];
  });
  return [...new Set(names)].filter((name) => writerOf(name) !== undefined);
}

/** Of a file or folder with all in it; 0 for one that is gone meanwhile. */
function bytesOf(place: string): number {
  try {
    const found = statSync(place);
    if (!found.isDirectory()) return found.size;
    return readdirSync(place).reduce((sum, name) => sum + bytesOf(path.join(place, name)), 0);
  } catch {
    return 0;
  }
}
