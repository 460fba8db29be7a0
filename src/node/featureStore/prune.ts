import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "../atomicFile.js";
import { BuilderStore, featureStoreFolder } from "./builderStore.js";
import { dropLine, entryLine } from "./entryLine.js";
import { INDEX_ENDING, MAPS_ENDING, mayGrow } from "./shardWriter.js";
import { type StoredBuilder, servedOf, shardsIn, surveyStore } from "./survey.js";

export interface PruneOptions {
  /** Builders whose maps were asked for longer ago. */
  olderThanDays?: number;
  /** Then the builders used longest ago, until the rest is no larger. */
  maxBytes?: number;
  /** Builders by name. */
  builders?: readonly string[];
  /** The time, for tests. */
  nowMs?: number;
  /** Says what would go, and removes nothing. */
  dryRun?: boolean;
}

export interface Pruned {
  folder: string;
  builder?: string;
  bytes: number;
  why: string;
}

/**
 * Removes what is named, and always what serves nobody: folders without a readable record and shards without a served map. What a
 * process may be writing to is left alone.
 */
export function pruneStore(options: PruneOptions): { removed: Pruned[]; bytes: number; left: number } {
  const { olderThanDays, maxBytes, builders = [], nowMs = Date.now(), dryRun = false } = options;
  const survey = surveyStore();
  const removed: Pruned[] = [];
  const remove = ({ folder, builder, bytes }: StoredBuilder, why: string) =>
    removed.push({ folder, ...(builder && { builder }), bytes, why });
  const kept: StoredBuilder[] = [];
  for (const one of survey.builders) {
    const days = (nowMs - Date.parse(one.lastUsed)) / 86_400_000;
    if (one.inUse) kept.push(one);
    else if (one.builder === undefined) remove(one, "holds nothing that can be served");
    else if (builders.includes(one.builder)) remove(one, "named");
    else if (olderThanDays !== undefined && days > olderThanDays) remove(one, `not used for ${Math.floor(days)} days`);
    else kept.push(one);
  }
  if (maxBytes !== undefined) {
    let bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
    const byAge = kept.filter(({ inUse }) => !inUse).sort((a, b) => a.lastUsed.localeCompare(b.lastUsed));
    for (const one of byAge) {
      if (bytes <= maxBytes) break;
      bytes -= one.bytes;
      kept.splice(kept.indexOf(one), 1);
      remove(one, `used longest ago (${one.lastUsed.slice(0, 10)})`);
    }
  }
  const root = featureStoreFolder();
  if (!dryRun) for (const { folder } of removed) rmSync(path.join(root, folder), { recursive: true, force: true });
  for (const one of kept) removed.push(...pruneShards(path.join(root, one.folder), dryRun));
  const bytes = removed.reduce((sum, one) => sum + one.bytes, 0);
  return { removed, bytes, left: survey.bytes - bytes };
}

/**
 * Shards that hold no served map: all dropped, or stored twice; and those that only drop what is gone. Of the others, lines of the index
 * that are damaged.
 */
function pruneShards(folder: string, dryRun: boolean): Pruned[] {
  const store = BuilderStore.at(folder);
  if (!store) return [];
  const served = new Set([...servedOf(store).values()].map(({ shard }) => shard));
  const shards = shardsIn(readdirSync(folder));
  const isKept = (shard: string) => served.has(shard) || mayGrow(folder, shard);
  const drops = (shard: string) => store.indexes.shards.get(shard)?.drops.some((drop) => isKept(drop.shard)) ?? false;
  const removed: Pruned[] = [];
  const note = (bytes: number, why: string) =>
    removed.push({ folder: path.basename(folder), builder: store.record.name, bytes, why });
  for (const shard of shards) {
    const state = store.indexes.shards.get(shard);
    if (!isKept(shard) && !drops(shard)) {
      const files = [INDEX_ENDING, MAPS_ENDING].map((ending) => path.join(folder, shard + ending));
      note(
        files.reduce((sum, file) => sum + sizeOf(file), 0),
        "a shard without a served map",
      );
      // The index first: maps without one are served to nobody.
      if (!dryRun) for (const file of files) rmSync(file, { force: true });
    } else if (state && state.damagedLines > 0 && !mayGrow(folder, shard)) {
      const text = [...state.entries.map(entryLine), ...state.drops.map(dropLine)].join("");
      const index = path.join(folder, shard + INDEX_ENDING);
      note(Math.max(0, sizeOf(index) - text.length), `${state.damagedLines} damaged lines of an index`);
      if (!dryRun) writeFileAtomic(index, text);
    }
  }
  return removed;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
