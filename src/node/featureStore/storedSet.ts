import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { FeatureSet } from "../../features/store/featureSet.js";
import { type BuilderStore, sha256 } from "./builderStore.js";
import { checkOf, type Entry } from "./entryLine.js";
import { MAPS_ENDING } from "./shardWriter.js";

/** A feature set in a form that is handed to a worker without copying: plain data and shared memory. */
export interface SharedSet {
  digest: string;
  folder: string;
  rows: number;
  channels: number;
  /** Of each item. */
  frames: Int32Array;
  /** Where each map begins in `values`, in values. */
  offsets: Float64Array;
  /** All maps; undefined for a set so large that each map is read from its shard when it is asked for. */
  values?: Float32Array;
  entries?: Entry[];
}

/** A feature set that workers can have as well. */
export interface SharableSet extends FeatureSet {
  shared(): SharedSet;
}

/** Sets up to this size are held in memory. */
export const WHOLE_BYTES = 2 ** 31;

/**
 * Reads the maps of the entries, checking each.
 *
 * @param wholeBytes above so many the maps stay on disk: then each is checked when it is read first
 * @returns the set, or the entries that were not as they were written
 */
export function readSet(
  store: BuilderStore,
  entries: readonly Entry[],
  wholeBytes = WHOLE_BYTES,
): SharableSet | { damaged: Entry[] } {
  const { rows, channels } = store.record;
  const frames = new Int32Array(new SharedArrayBuffer(4 * entries.length));
  const offsets = new Float64Array(new SharedArrayBuffer(8 * entries.length));
  const offsetOf = new Map<string, number>();
  let values = 0;
  entries.forEach((entry, i) => {
    frames[i] = entry.frames;
    // Items of equal content and cut share their map.
    let offset = offsetOf.get(entry.key);
    if (offset === undefined) {
      offset = values;
      offsetOf.set(entry.key, offset);
      values += store.bytesOf(entry) / 4;
    }
    offsets[i] = offset;
  });
  const digest = sha256(entries.map(({ key }) => key).join("\n"));
  const shared: SharedSet = { digest, folder: store.folder, rows, channels, frames, offsets };
  if (values * 4 > wholeBytes) return openShared({ ...shared, entries: [...entries] });

  const bytes = new Uint8Array(new SharedArrayBuffer(4 * values));
  const damaged: Entry[] = [];
  const read = new Set<string>();
  entries.forEach((entry, i) => {
    if (read.has(entry.key)) return;
    read.add(entry.key);
    const start = offsets[i]! * 4;
    if (!store.read(entry, bytes.subarray(start, start + store.bytesOf(entry)))) damaged.push(entry);
  });
  if (damaged.length > 0) return { damaged };
  return openShared({ ...shared, values: new Float32Array(bytes.buffer) });
}

/** The set again, in whichever thread. */
export function openShared(shared: SharedSet): SharableSet {
  const { digest, rows, channels, frames, offsets, values } = shared;
  const fromDisk = values ? undefined : new MapReader(shared);
  const framesOf = (i: number): number => {
    const count = frames[i];
    if (count === undefined) throw new RangeError(`feature set of ${frames.length} items has no item ${i}`);
    return count;
  };
  return {
    digest,
    count: frames.length,
    rows,
    ...(channels !== 1 && { channels }),
    frames: framesOf,
    map(i) {
      const length = rows * framesOf(i) * channels;
      return values ? values.subarray(offsets[i]!, offsets[i]! + length) : fromDisk!.read(i, length);
    },
    shared: () => shared,
  };
}

/** Reads single maps; the page cache keeps what is read again. */
class MapReader {
  private readonly set: SharedSet;
  private readonly handles = new Map<string, number>();
  private readonly checked = new Set<number>();

  constructor(set: SharedSet) {
    this.set = set;
    registry.register(this, this.handles);
  }

  read(i: number, length: number): Float32Array {
    const entry = this.set.entries![i]!;
    const file = path.join(this.set.folder, entry.shard + MAPS_ENDING);
    let handle = this.handles.get(entry.shard);
    if (handle === undefined) {
      handle = openSync(file, "r");
      this.handles.set(entry.shard, handle);
    }
    const bytes = new Uint8Array(4 * length);
    let held = 0;
    while (held < bytes.length) {
      const read = readSync(handle, bytes, held, bytes.length - held, entry.at + held);
      if (read === 0) break;
      held += read;
    }
    if (held < bytes.length || (!this.checked.has(i) && checkOf(entry.key, bytes) !== entry.check)) {
      throw new Error(
        `${file}: the map at byte ${entry.at} is damaged; \`auscult data store verify\` finds such maps, and the next run makes them again`,
      );
    }
    this.checked.add(i);
    return new Float32Array(bytes.buffer);
  }
}

const registry = new FinalizationRegistry((handles: Map<string, number>) => {
  for (const handle of handles.values()) closeSync(handle);
});
