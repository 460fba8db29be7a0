import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Body } from "./body.js";
import { MlflowError, MlflowValidationError } from "./errors.js";
import { refuse, shown } from "./messages.js";

const pieceBytes = 262_144;

/**
 * A file as something to send, read piece by piece when it is asked for; one that grows meanwhile is sent as long as it was.
 * Throws `MlflowValidationError` for anything but a file that is there, `MlflowError` with code "DISK" for one that cannot be read.
 */
export async function fileBody(file: string): Promise<Body> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error);
  });
  if (found.isDirectory()) refuse(`artefact file "${file}"`, "it is a folder, not a file");
  if (!found.isFile()) refuse(`artefact file "${file}"`, "it is no ordinary file");
  return { length: found.size, chunks: pieces(file, found.size) };
}

/** Bytes as something to send, in pieces of a size that a slow line sends within any timeout. */
export function bytesBody(bytes: Uint8Array): Body {
  return { length: bytes.length, chunks: slices(bytes) };
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function* pieces(file: string, length: number): AsyncGenerator<Uint8Array> {
  if (length === 0) return;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: pieceBytes, end: length - 1 }))
      yield chunk as Uint8Array;
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
}

/** What is not there will not come; other faults, such as too many open files or a disk that was taken away, may pass. */
function unreadable(file: string, { code }: NodeJS.ErrnoException): Error {
  if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR")
    return new MlflowValidationError(`artefact file "${file}"`, "there is no such file");
  return new MlflowError(`artefact file "${file}": it cannot be read (${code})`, 0, "DISK");
}

/** Writes all pieces to a new file, down to the disk; answers how many bytes they were. `onWritten` is told after each. */
export async function writeAll(
  file: string,
  chunks: Body["chunks"],
  onWritten: (bytes: number) => void = () => {},
): Promise<number> {
  const handle = await open(file, "wx");
  let written = 0;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
      written += chunk.length;
      onWritten(written);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return written;
}

/**
 * All files below a folder, by their paths with forward slashes, in order; and what is no file and no folder: pipes, sockets,
 * links that lead nowhere, and links to folders, which could lead back. Links to files are files.
 */
export async function filesBelow(
  folder: string,
): Promise<{ files: { path: string; bytes: number }[]; others: string[] }> {
  const files: { path: string; bytes: number }[] = [];
  const others: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(name);
      else {
        const target = await stat(path.join(folder, name)).catch(() => undefined);
        if (target?.isFile()) files.push({ path: name, bytes: target.size });
        else others.push(name);
      }
    }
  };
  await walk("");
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return { files: files.sort((a, b) => order(a.path, b.path)), others: others.sort(order) };
}

/** Does all items, at most `atOnce` of them at the same time. After a failure no more are begun, and the first failure is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  if (!Number.isSafeInteger(atOnce) || atOnce < 1)
    refuse("atOnce", `${shown(atOnce)} must be a whole number from 1 on`);
  const left = items.values();
  let failure: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (failure) return;
      try {
        await act(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failure) throw failure.error;
}
