import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";

/** The maps of a list of items, as one file of float32 (of this machine's byte order) with an index beside it. */
export interface FeatureSet {
  /** Hexadecimal SHA-256 of what the maps were made from. */
  readonly digest: string;
  /** Items. */
  readonly count: number;
  readonly rows: number;
  /** Frames of item `i`. Throws RangeError for an item that is not there. */
  frames(i: number): number;
  /** [rows, frames(i)], row-major. A view of shared memory: copy it before changing it. */
  map(i: number): Float32Array;
}

/** What `index.json` holds; written last. */
export interface FeatureIndex {
  format: 1;
  name: string;
  digest: string;
  frontEnd: unknown;
  rows: number;
  /** Length of the pack, in float32 values. */
  values: number;
  ids: string[];
  frames: number[];
  /** Where each map starts in the pack, in values. */
  offsets: number[];
}

export const packName = "maps.f32";
/** Packs up to this size are read into memory whole; of larger ones each map is read when it is asked for. */
const WHOLE_BYTES = 2 ** 30;

/** Opens a pack; undefined where there is none, or one whose index or size is not as it was written. */
export function openFeaturePack(folder: string, digest: string): FeatureSet | undefined {
  const file = path.join(folder, packName);
  let index: FeatureIndex;
  try {
    index = JSON.parse(readFileSync(path.join(folder, "index.json"), "utf8"));
    if (index.format !== 1 || index.digest !== digest || statSync(file).size !== index.values * 4) return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { rows, frames, offsets, values } = index;
  let whole: Float32Array | undefined;

  const framesOf = (i: number): number => {
    const count = frames[i];
    if (count === undefined) throw new RangeError(`feature set of ${frames.length} items has no item ${i}`);
    return count;
  };
  return {
    digest,
    count: frames.length,
    rows,
    frames: framesOf,
    map(i) {
      const length = rows * framesOf(i);
      const offset = offsets[i]!;
      if (values * 4 > WHOLE_BYTES) return readValues(file, offset, length);
      whole ??= readValues(file, 0, values);
      return whole.subarray(offset, offset + length);
    },
  };
}

function readValues(file: string, offset: number, length: number): Float32Array {
  const values = new Float32Array(length);
  const bytes = new Uint8Array(values.buffer);
  const handle = openSync(file, "r");
  try {
    for (let at = 0; at < bytes.byteLength; ) {
      const read = readSync(handle, bytes, at, bytes.byteLength - at, offset * 4 + at);
      if (read === 0)
        throw new Error(`${file}: ends before value ${offset + length}; delete its folder to build it again`);
      at += read;
    }
  } finally {
    closeSync(handle);
  }
  return values;
}
