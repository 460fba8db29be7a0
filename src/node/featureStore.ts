import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { decodeWav } from "../audio/wav.js";
import { digestText, type FrontEnd } from "../features/frontEnd.js";
import { UserError } from "../userError.js";
import { writeJsonAtomic } from "./atomicFile.js";
import { writeFolderAtomic } from "./atomicFolder.js";
import { type FeatureIndex, type FeatureSet, openFeaturePack, packName } from "./featurePack.js";
import { cacheFolder } from "./paths.js";

export type { FeatureSet } from "./featurePack.js";

/** A piece of a recording, or all of it. */
export interface FeatureItem {
  /** Unique in its list; part of the digest, as is the file's name without its folder. */
  id: string;
  file: string;
  /** Default: the recording's start. */
  startSeconds?: number;
  /** Default: the recording's end. */
  endSeconds?: number;
}

/** Mono samples, full scale 1. */
export interface Samples {
  samples: Float32Array;
  sampleRateHz: number;
}

export interface FeatureRequest {
  /** For messages and the index, such as "sprsound/train2022"; no part of the digest. */
  name: string;
  /** Stands for the content of the recordings. */
  dataDigest: string;
  items: readonly FeatureItem[];
  frontEnd: FrontEnd;
  /** Default: the file as WAV. */
  readSamples?: (file: string) => Samples | Promise<Samples>;
  /** Called after each recording with the number of items done. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** Raised whenever the code here changes what is stored for the same request. */
const CODE_VERSION = 1;
/** The longest the event loop is kept from Ctrl-C and progress, but for one item. */
const SLICE_MS = 20;

/**
 * The maps of a list of items: opened when they are stored, else computed and stored under
 * `cacheFolder()/features/<digest>`. The digest is SHA-256 of data digest, items and front end. Written by
 * `writeFolderAtomic`: a killed writer leaves nothing that would be taken for a pack; two writers at once both succeed.
 *
 * A piece is cut at `[trunc(start * rate), trunc(end * rate))`, clamped to the recording.
 *
 * @throws UserError naming the item or file: an id twice, an empty piece, a rate that is not the front end's, a broken recording
 * @throws the signal's reason when aborted
 */
export async function openOrBuildFeatures(request: FeatureRequest): Promise<FeatureSet> {
  const digest = featureDigest(request);
  const folder = path.join(cacheFolder(), "features", digest);
  const stored = openFeaturePack(folder, digest);
  if (stored) return stored;
  await writeFolderAtomic(
    folder,
    (beside) => build(request, digest, beside),
    (standing) => openFeaturePack(standing, digest) !== undefined,
  );
  const built = openFeaturePack(folder, digest);
  if (!built) throw new Error(`the feature pack ${folder} cannot be read back`);
  return built;
}

/** SHA-256, hexadecimal, of everything that decides the maps of a request. */
export function featureDigest({ dataDigest, items, frontEnd }: FeatureRequest): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([CODE_VERSION, dataDigest, digestText(frontEnd)]));
  const seen = new Set<string>();
  for (const { id, file, startSeconds, endSeconds } of items) {
    if (seen.has(id)) throw new UserError(`feature items: the id ${JSON.stringify(id)} stands twice; ids must differ`);
    seen.add(id);
    hash.update(JSON.stringify([id, path.basename(file), startSeconds ?? null, endSeconds ?? null]));
  }
  return hash.digest("hex");
}

async function build(request: FeatureRequest, digest: string, folder: string): Promise<void> {
  const { name, items, frontEnd, onProgress, signal, readSamples = readWav } = request;
  const byFile = new Map<string, number[]>();
  items.forEach((item, i) => {
    const indices = byFile.get(item.file);
    if (indices) indices.push(i);
    else byFile.set(item.file, [i]);
  });

  const frames = new Array<number>(items.length).fill(0);
  const offsets = new Array<number>(items.length).fill(0);
  const handle = openSync(path.join(folder, packName), "wx");
  let values = 0;
  try {
    let done = 0;
    let sliceStart = performance.now();
    for (const [file, indices] of byFile) {
      signal?.throwIfAborted();
      const recording = await readSamples(file);
      if (recording.sampleRateHz !== frontEnd.sampleRateHz) {
        throw new UserError(
          `${file}: sample rate is ${recording.sampleRateHz} Hz; ${frontEnd.name} takes ${frontEnd.sampleRateHz} Hz, and recordings are not resampled yet`,
        );
      }
      for (const i of indices) {
        const map = frontEnd.compute(cut(recording, items[i]!));
        offsets[i] = values;
        frames[i] = map.frames;
        writeAll(handle, map.data);
        values += map.data.length;
        if (performance.now() - sliceStart > SLICE_MS) {
          await new Promise((resolve) => setImmediate(resolve));
          signal?.throwIfAborted();
          sliceStart = performance.now();
        }
      }
      done += indices.length;
      onProgress?.(done, items.length);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  const index: FeatureIndex = {
    format: 1,
    name,
    digest,
    frontEnd: JSON.parse(digestText(frontEnd)),
    rows: frontEnd.rows,
    values,
    ids: items.map(({ id }) => id),
    frames,
    offsets,
  };
  writeJsonAtomic(path.join(folder, "index.json"), index);
}

async function readWav(file: string): Promise<Samples> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UserError(`${file}: the recording cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  return decodeWav(bytes, file);
}

function cut({ samples, sampleRateHz }: Samples, item: FeatureItem): Float32Array {
  const { id, file, startSeconds = 0, endSeconds = samples.length / sampleRateHz } = item;
  const start = Math.min(Math.max(sampleAt(startSeconds, sampleRateHz), 0), samples.length);
  const end = Math.min(Math.max(sampleAt(endSeconds, sampleRateHz), 0), samples.length);
  if (!(start < end)) {
    throw new UserError(
      `${id}: the piece from ${startSeconds} to ${endSeconds} s of ${path.basename(file)} (${samples.length / sampleRateHz} s) holds no samples`,
    );
  }
  return samples.subarray(start, end);
}

/** A millionth of a sample is forgiven: 0.126 s at 8 kHz is sample 1008, though the product may come out just below. */
function sampleAt(seconds: number, sampleRateHz: number): number {
  return Math.trunc(seconds * sampleRateHz + 1e-6);
}

function writeAll(handle: number, values: Float32Array): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at, bytes.byteLength - at);
}
