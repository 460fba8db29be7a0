import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import type { PlacedFile } from "./contentDigest.js";
import { DamagedArchive, diskFailure, throwIfStopped } from "./failures.js";
import { needSpace } from "./needSpace.js";

export interface UnpackOptions {
  /** Path in the folder for an entry of the archive; undefined for one that is not wanted. */
  place: (entryPath: string) => string | undefined;
  /** Limits of an entry and of all wanted entries together, unpacked. */
  maxEntryBytes: number;
  maxUnpackedBytes: number;
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

interface Wanted {
  entry: yauzl.Entry;
  path: string;
}

/** Far above any release, far below what fills the memory. */
const MAX_ENTRIES = 500_000;

/**
 * Unpacks the wanted entries of a zip file (ZIP64 too), each to the place that its name earns it, never to the path that it states. Every
 * entry's length and CRC-32 are checked. Names that lead out of the archive ("../x", "/x"), symbolic links, encrypted entries and
 * archives that would unpack to more than the limits are refused before anything is written.
 *
 * @param folder must exist and be empty
 * @returns the files, in the order of the archive
 * @throws DamagedArchive; UserError where the disk is full; Stopped
 */
export async function unpackZip(archive: string, folder: string, options: UnpackOptions): Promise<PlacedFile[]> {
  const zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false }).catch(damaged);
  try {
    const wanted = await wantedEntries(zip, options);
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    await needSpace(folder, total, "unpacking");
    for (const parent of new Set(wanted.map((one) => path.dirname(one.path)))) {
      mkdirSync(path.join(folder, parent), { recursive: true });
    }
    const files: PlacedFile[] = [];
    let done = 0;
    for (const one of wanted) {
      throwIfStopped(options.signal);
      files.push(await unpackEntry(zip, one, folder));
      done += one.entry.uncompressedSize;
      options.onProgress?.(done, total);
    }
    return files;
  } finally {
    zip.close();
  }
}

/** All entries are looked at before the first is unpacked. */
async function wantedEntries(
  zip: yauzl.ZipFile,
  { place, maxEntryBytes, maxUnpackedBytes }: UnpackOptions,
): Promise<Wanted[]> {
  if (zip.entryCount > MAX_ENTRIES) throw new DamagedArchive(`it states ${zip.entryCount} entries`);
  const byPath = new Map<string, Wanted>();
  let total = 0;
  const entries = zip.eachEntry();
  for (;;) {
    const next = await entries.next().catch(damaged);
    if (next.done) break;
    const entry = next.value;
    const target = place(entry.fileName);
    if (target === undefined) continue;
    refuseOdd(entry, maxEntryBytes);
    const before = byPath.get(target)?.entry;
    if (before) {
      // A release may carry a file twice, in two folders; it must be the same file.
      if (before.crc32 === entry.crc32 && before.uncompressedSize === entry.uncompressedSize) continue;
      throw new DamagedArchive(
        `${before.fileName} and ${entry.fileName} are different files for the same place, ${target}`,
      );
    }
    total += entry.uncompressedSize;
    if (total > maxUnpackedBytes) throw new DamagedArchive(`it would unpack to more than ${maxUnpackedBytes} bytes`);
    byPath.set(target, { entry, path: target });
  }
  return [...byPath.values()];
}

function refuseOdd(entry: yauzl.Entry, maxEntryBytes: number): void {
  const { fileName, uncompressedSize, externalFileAttributes } = entry;
  // The upper half holds the Unix mode where the archive was made on such a system.
  const fileType = (externalFileAttributes >>> 16) & 0o170000;
  if (fileType !== 0 && fileType !== 0o100000) throw new DamagedArchive(`${fileName} is no ordinary file`);
  if (entry.isEncrypted()) throw new DamagedArchive(`${fileName} is encrypted`);
  if (!entry.canDecodeFileData())
    throw new DamagedArchive(`${fileName} is packed with method ${entry.compressionMethod}`);
  if (uncompressedSize > maxEntryBytes) {
    throw new DamagedArchive(
      `${fileName} would unpack to ${uncompressedSize} bytes, more than the ${maxEntryBytes} of any recording`,
    );
  }
}

/**
 * Not synced to the disk file by file, which would take minutes: what a power cut leaves of it does not match the digests, and is
 * fetched again.
 */
async function unpackEntry(zip: yauzl.ZipFile, { entry, path: target }: Wanted, folder: string): Promise<PlacedFile> {
  const hash = createHash("sha256");
  let crc = 0;
  let bytes = 0;
  const file = await open(path.join(folder, target), "wx").catch((error) => {
    throw diskFailure(error, folder);
  });
  try {
    const content = await zip.openReadStreamPromise(entry).catch(damaged);
    const chunks = content[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch((error: Error) => damaged(error, entry.fileName));
      if (next.done) break;
      const chunk = next.value as Buffer;
      crc = crc32(chunk, crc);
      hash.update(chunk);
      bytes += chunk.byteLength;
      await file.appendFile(chunk).catch((error) => {
        throw diskFailure(error, folder);
      });
    }
  } finally {
    await file.close();
  }
  if (crc !== entry.crc32) throw new DamagedArchive(`${entry.fileName} has another checksum than the archive states`);
  return { path: target, bytes, sha256: hash.digest("hex") };
}

function damaged(error: Error, entry?: string): never {
  throw new DamagedArchive(entry === undefined ? error.message : `${entry}: ${error.message}`);
}
