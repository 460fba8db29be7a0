import { availableParallelism } from "node:os";
import path from "node:path";
import type { ClipBuilder, Piece } from "../../features/store/clipBuilder.js";
import { UserError } from "../../userError.js";
import { fileDigests } from "../fileDigests.js";
import type { ExportPlace } from "../workers/exportPlace.js";
import { JobPool } from "../workers/jobPool.js";
import { BuilderStore } from "./builderStore.js";
import { type BuildCost, type BuildJob, buildProgram } from "./buildProgram.js";
import type { Entry } from "./entryLine.js";
import { mayGrow } from "./shardWriter.js";
import { readSet, type SharableSet } from "./storedSet.js";

/** A piece of a recording, or all of it. */
export interface FeatureItem extends Piece {
  /** Unique in its list; for messages, no part of what is stored. */
  id: string;
  file: string;
}

export interface FeatureRequest {
  items: readonly FeatureItem[];
  builder: ClipBuilder;
  /** Where worker threads find the builder; without it, all is computed here. */
  place?: ExportPlace;
  /** Threads that compute. Default: one for each processor where there is work for them and `place` is given. */
  workers?: number;
  /** A larger set stays on disk and is read map by map; default 2 GiB. */
  wholeBytes?: number;
  /** Called after each recording. */
  onProgress?: (done: BuildProgress) => void;
  signal?: AbortSignal;
}

export interface BuildProgress {
  /** Items whose maps are there. */
  done: number;
  total: number;
  secondsLeft: number;
  /** Of all recordings so far, summed over threads. */
  cost: BuildCost;
}

/** Recordings under way or waiting in each thread. */
const AHEAD = 2;
/** Fewer recordings than this are computed sooner than threads are started. */
const WORTH_THREADS = 8;
/** How often what other writers stored meanwhile is looked at. */
const LOOK_MS = 500;

/**
 * The maps of a list of items, as they are stored; what is missing or damaged is computed and stored first, recording by recording. Each
 * map is an entry of its own, found by the content of its recording, its cut and its builder: lists that overlap share what is
 * stored. A process killed while it computes loses the recordings under way only; two at once divide the work between them.
 *
 * @throws UserError naming the item or file: an id twice, an empty piece, a rate that the builder does not take, a broken recording; for a
 * full disk; the signal's reason when aborted
 */
export async function openOrBuildFeatures(request: FeatureRequest): Promise<SharableSet> {
  const { items, builder, wholeBytes, signal } = request;
  signal?.throwIfAborted();
  requireDistinct(items);
  const store = BuilderStore.of(builder);
  try {
    const files = [...new Set(items.map(({ file }) => file))];
    const digests = new Map(digestsOf(files).map((digest, i) => [files[i]!, digest]));
    const keys = items.map((item) => store.keyOf(digests.get(item.file)!, item));
    // Once more when maps are found damaged; a disk that loses what was just written is not given a third try.
    for (let attempt = 1; ; attempt++) {
      await buildMissing(request, store, keys, digests);
      const entries = keys.map((key) => store.indexes.find(key)!);
      const set = readSet(store, entries, wholeBytes);
      if (!("damaged" in set)) return set;
      store.drop(set.damaged);
      if (attempt === 2) throw new Error(`${store.folder}: ${describe(set.damaged)} cannot be read back`);
    }
  } finally {
    store.close();
  }
}

async function buildMissing(
  { items, builder, place, workers, onProgress, signal }: FeatureRequest,
  store: BuilderStore,
  keys: readonly string[],
  digests: ReadonlyMap<string, string>,
): Promise<void> {
  const isMissing = ({ key }: { key: string }) => store.indexes.find(key) === undefined;
  const jobs = jobsOf(items, keys, digests, isMissing);
  if (jobs.length === 0) return;
  const total = items.length;
  let left = jobs.reduce((sum, { pieces }) => sum + pieces.length, 0);
  const earlier = total - left;
  const began = performance.now();
  const cost: BuildCost = { bytesRead: 0, secondsReading: 0, secondsComputing: 0, secondsWriting: 0 };
  const threads = workers ?? (place && jobs.length >= WORTH_THREADS ? availableParallelism() : 0);
  const options = { folder: store.folder, text: store.record.text, builder: threads > 0 && place ? place : builder };
  const queue = inTurn(jobs, store);
  let looked = performance.now();

  const pool = new JobPool(buildProgram, options, { workers: place ? threads : 0 });
  const stop = () => void pool.close();
  signal?.addEventListener("abort", stop);
  try {
    const lane = async () => {
      for (let job = queue.shift(); job; job = queue.shift()) {
        signal?.throwIfAborted();
        if (performance.now() - looked > LOOK_MS) {
          store.indexes.refresh();
          looked = performance.now();
        }
        const pieces = job.pieces.filter(isMissing);
        const spent = pieces.length > 0 ? await pool.run({ ...job, pieces }) : undefined;
        signal?.throwIfAborted();
        if (spent) for (const name of Object.keys(cost) as (keyof BuildCost)[]) cost[name] += spent[name];
        left -= job.pieces.length;
        const done = total - left;
        const secondsLeft = ((performance.now() - began) / 1000 / (done - earlier)) * left;
        onProgress?.({ done, total, secondsLeft, cost });
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, threads) * AHEAD }, lane));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
    await pool.close();
  }
  store.indexes.refresh();
}

/** By recording, in the order in which the list first names them; equal pieces of equal recordings once. */
function jobsOf(
  items: readonly FeatureItem[],
  keys: readonly string[],
  digests: ReadonlyMap<string, string>,
  isMissing: (piece: { key: string }) => boolean,
): BuildJob[] {
  const byFile = new Map<string, BuildJob["pieces"][number][]>();
  const planned = new Set<string>();
  items.forEach(({ id, file, startSeconds, endSeconds }, i) => {
    const piece = { id, key: keys[i]!, startSeconds, endSeconds };
    if (planned.has(piece.key) || !isMissing(piece)) return;
    planned.add(piece.key);
    const pieces = byFile.get(file);
    if (pieces) pieces.push(piece);
    else byFile.set(file, [piece]);
  });
  return Array.from(byFile, ([file, pieces]) => ({ file, sha256: digests.get(file)!, pieces }));
}

/** From the start; where another process is writing already, from a place of this one's own, so that both do different work. */
function inTurn(jobs: readonly BuildJob[], store: BuilderStore): BuildJob[] {
  const others = [...store.indexes.shards.keys()].some((shard) => !isOwn(shard) && mayGrow(store.folder, shard));
  // Spread, so that processes of neighbouring numbers do not begin beside each other.
  const first = others ? Math.imul(process.pid, 0x9e3779b1) >>> 0 : 0;
  const at = first % jobs.length;
  return [...jobs.slice(at), ...jobs.slice(0, at)];
}

function isOwn(shard: string): boolean {
  return shard.split(".")[1] === String(process.pid);
}

function digestsOf(files: readonly string[]): string[] {
  try {
    return fileDigests(files);
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException;
    if (file === undefined) throw error;
    throw new UserError(`${file}: the recording cannot be read (${code})`);
  }
}

function requireDistinct(items: readonly FeatureItem[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new UserError(`feature items: the id ${JSON.stringify(id)} stands twice; ids must differ`);
    seen.add(id);
  }
}

function describe(entries: readonly Entry[]): string {
  const shards = new Set(entries.map(({ shard }) => path.basename(shard)));
  return `${entries.length} maps of ${shards.size} shards that were just written`;
}
