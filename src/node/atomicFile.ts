import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";

/**
 * Writes a file so that a reader sees the old content or the new, never a half, and so that the new one survives a loss of power:
 * beside its place, synced, renamed, and the folder synced. Missing parent folders are made. Throws what the file system throws (full
 * disk, no permission); nothing half-made stays.
 */
export function writeFileAtomic(file: string, content: string | Uint8Array): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  const beside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSynced(beside, content);
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** `writeFileAtomic` of a value as indented JSON with a final newline. */
export function writeJsonAtomic(file: string, value: unknown): void {
  writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Writes a file that is not there yet, to the disk itself. What it throws may leave a part of it behind.
 *
 * @param content whole, or in parts that follow each other
 */
export function writeFileSynced(file: string, content: string | Uint8Array | readonly Uint8Array[]): void {
  const handle = openSync(file, "wx");
  try {
    const parts = typeof content === "string" ? [Buffer.from(content)] : Array.isArray(content) ? content : [content];
    for (const part of parts as readonly Uint8Array[])
      for (let at = 0; at < part.byteLength; )
        at += writeSync(handle, part, at, Math.min(part.byteLength - at, 2 ** 30));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Brings to disk what was made, renamed and removed in a folder. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } catch (error) {
    // Some network file systems do not sync folders; what they hold is then as safe as they make it.
    if (!["EINVAL", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    closeSync(handle);
  }
}
