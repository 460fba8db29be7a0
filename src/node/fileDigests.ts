import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic } from "./atomicFile.js";
import { fileSha256 } from "./fileSha256.js";
import { cacheFolder } from "./paths.js";

/** Size, time of modification and of change in milliseconds, SHA-256: a file that has the same three was not written since. */
type Known = Record<string, [bytes: number, modifiedMs: number, changedMs: number, sha256: string]>;

/**
 * SHA-256 of each file's content, hexadecimal, in order. A file that was hashed before and not written since is not read again: the
 * digests are remembered in the cache folder. Throws what the file system throws for a file that cannot be read.
 */
export function fileDigests(files: readonly string[]): string[] {
  const store = storeFile();
  const known = readKnown(store);
  let fresh = false;
  const digests = files.map((file) => {
    const place = path.resolve(file);
    const { size, mtimeMs, ctimeMs } = statSync(place);
    const before = known[place];
    if (before && before[0] === size && before[1] === mtimeMs && before[2] === ctimeMs) return before[3];
    const sha256 = fileSha256(place);
    known[place] = [size, mtimeMs, ctimeMs, sha256];
    fresh = true;
    return sha256;
  });
  if (fresh) remember(store, known);
  return digests;
}

/** A file as it was when it was read. */
export interface DigestedFile {
  file: string;
  bytes: number;
  modifiedMs: number;
  changedMs: number;
  sha256: string;
}

/** Remembers digests that were computed elsewhere, so that `fileDigests` need not read those files. */
export function rememberDigests(files: readonly DigestedFile[]): void {
  if (files.length === 0) return;
  const store = storeFile();
  const known = readKnown(store);
  let fresh = false;
  for (const { file, bytes, modifiedMs, changedMs, sha256 } of files) {
    const place = path.resolve(file);
    const entry: Known[string] = [bytes, modifiedMs, changedMs, sha256];
    if (known[place]?.every((value, i) => value === entry[i])) continue;
    known[place] = entry;
    fresh = true;
  }
  if (fresh) remember(store, known);
}

function storeFile(): string {
  return path.join(cacheFolder(), "file-digests.json");
}

function readKnown(store: string): Known {
  try {
    return JSON.parse(readFileSync(store, "utf8")) as Known;
  } catch {
    return {}; // none yet, or damaged: everything is hashed anew
  }
}

function remember(store: string, known: Known): void {
  try {
    writeFileAtomic(store, JSON.stringify(known));
  } catch {
    // A cache that cannot be written costs time, nothing else.
  }
}
