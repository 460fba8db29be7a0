import path from "node:path";
import { BuilderStore, featureStoreFolder } from "./builderStore.js";
import type { Entry } from "./entryLine.js";
import { foldersIn, servedOf } from "./survey.js";

export interface VerifiedBuilder {
  folder: string;
  /** Undefined where the folder's record cannot be read: nothing in it is served. */
  builder?: string;
  entries: number;
  /** Entries whose bytes are not as they were written; from now on they are not served, and are made again when asked for. */
  damaged: { shard: string; at: number }[];
  /** Index lines that are not as they were written, or that name what is not there, as after a file was cut. */
  damagedLines: number;
}

export interface VerifyProgress {
  done: number;
  total: number;
  bytes: number;
}

/** Reads every stored map and compares it with its check. @throws the signal's reason when aborted */
export async function verifyStore(
  onProgress?: (done: VerifyProgress) => void,
  signal?: AbortSignal,
): Promise<VerifiedBuilder[]> {
  const root = featureStoreFolder();
  const found = foldersIn(root).map((folder) => {
    const store = BuilderStore.at(path.join(root, folder));
    return { folder, store, entries: store ? [...servedOf(store).values()] : [] };
  });
  const total = found.reduce((sum, { entries }) => sum + entries.length, 0);
  const progress: VerifyProgress = { done: 0, total, bytes: 0 };
  const results: VerifiedBuilder[] = [];
  for (const { folder, store, entries } of found) {
    if (!store) {
      results.push({ folder, entries: 0, damaged: [], damagedLines: 0 });
      continue;
    }
    const damaged: Entry[] = [];
    for (const entry of entries) {
      const bytes = new Uint8Array(store.bytesOf(entry));
      if (!store.read(entry, bytes)) damaged.push(entry);
      progress.done++;
      progress.bytes += bytes.byteLength;
      if (progress.done % 64 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        onProgress?.(progress);
      }
    }
    store.close();
    if (damaged.length > 0) store.drop(damaged);
    const states = [...store.indexes.shards.values()];
    results.push({
      folder,
      builder: store.record.name,
      entries: entries.length,
      damaged: damaged.map(({ shard, at }) => ({ shard, at })),
      damagedLines: states.reduce((sum, { damagedLines }) => sum + damagedLines, 0),
    });
  }
  return results;
}
