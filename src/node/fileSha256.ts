import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

/** Bytes read at once. */
const PIECE = 2 ** 22;

/**
 * SHA-256 of a file of any size, hexadecimal; a piece of it is in memory at a time. Throws what the file system throws.
 */
export function fileSha256(file: string): string {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(PIECE);
  const handle = openSync(file, "r");
  try {
    for (let count = readSync(handle, piece); count > 0; count = readSync(handle, piece))
      hash.update(piece.subarray(0, count));
  } finally {
    closeSync(handle);
  }
  return hash.digest("hex");
}

/** SHA-256 of parts that follow each other, hexadecimal; together they may be longer than one array can be. */
export function partsSha256(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  // OpenSSL takes less than 2 GiB at once.
  for (const part of parts) for (let at = 0; at < part.length; at += PIECE) hash.update(part.subarray(at, at + PIECE));
  return hash.digest("hex");
}
