import { createHash } from "node:crypto";
import { createReadStream, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { attemptDownload } from "./attempt.js";
import { Passing, Refused, Stopped, throwIfStopped, Unavailable } from "./failures.js";
import { PartFile } from "./partFile.js";
import type { Validators } from "./serverAnswer.js";

export interface DownloadOptions {
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, totalBytes: number | undefined) => void;
  /** Told what a person should know: another address, another try. */
  say?: (message: string) => void;
  /** Waits between tries that bring nothing new; as many tries as waits, and one. */
  retryMs?: readonly number[];
  stallMs?: number;
}

/** A file that is here as a whole. */
export interface Downloaded extends Validators {
  /** Where it lies. */
  path: string;
  address: string;
  bytes: number;
  sha256: string;
  /** When it came, in ISO form. */
  date: string;
  /** False for a file of this machine that is read in its place, and must stay. */
  ours: boolean;
}

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const STALL_MS = 60_000;

/**
 * Brings a file into a folder, from the first of its addresses that gives it. What an earlier call brought of it is gone on from; a file
 * that came whole is not asked for again. An address that is no http(s) URL is a path of this machine.
 *
 * @param file `maxBytes`: a server that sends more is refused
 * @param folder must exist; `NAME.part` and `NAME.part.json` lie there meanwhile
 * @throws Unavailable that says of each address why it did not give the file; UserError for a full disk; Stopped
 */
export async function download(
  file: { name: string; addresses: readonly string[]; maxBytes: number },
  folder: string,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  const target = path.join(folder, file.name);
  const part = new PartFile(target);
  const known = part.state();
  if (known?.finished !== undefined && file.addresses.includes(known.address) && fileBytes(target) !== undefined) {
    return await described(target, known.address, known, known.finished, true, options);
  }
  const reasons: string[] = [];
  for (const [index, address] of file.addresses.entries()) {
    try {
      const local = localPath(address);
      if (local !== undefined) return await fromThisMachine(local, address, options);
      await downloadFrom(address, part, file.maxBytes, options);
      const { finished: _, ...state } = part.state() ?? { address };
      const finished = new Date().toISOString();
      part.write({ ...state, address, finished });
      renameSync(part.path, target);
      return await described(target, address, state, finished, true, options);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      reasons.push(`${address}: ${error.message}`);
      const more = index + 1 < file.addresses.length;
      if (more) options.say?.(`${address}: ${error.message}; trying another address`);
    }
  }
  throw new Unavailable(`${file.name} could not be had:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`);
}

/** Deletes a downloaded file, so that the next call downloads it anew. A file that is read in its place stays. */
export function discard({ path: file, ours }: Downloaded): void {
  if (!ours) return;
  new PartFile(file).remove();
  rmSync(file, { force: true });
}

/** Tries again while that brings more bytes; without any, as often as there are waits. */
async function downloadFrom(
  address: string,
  part: PartFile,
  maxBytes: number,
  options: DownloadOptions,
): Promise<void> {
  const { retryMs = RETRY_MS, stallMs = STALL_MS, signal, onProgress, say } = options;
  let most = part.bytes();
  for (let tries = 0; ; ) {
    try {
      await attemptDownload(address, part, {
        maxBytes,
        stallMs,
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
        ...(say && { say }),
      });
      return;
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      const have = part.bytes();
      if (have > most) tries = 0;
      most = Math.max(most, have);
      const planned = retryMs[tries++];
      if (planned === undefined) throw givenUp(address, error.message, have, tries);
      const waitMs = error.waitMs ?? planned;
      say?.(`${error.message}; ${waitMs < 1000 ? "trying again" : `trying again in ${Math.round(waitMs / 1000)} s`}`);
      await sleep(waitMs, undefined, signal && { signal }).catch(() => {
        throw new Stopped();
      });
    }
  }
}

/** With bytes in hand another address would cost them; the same command later is the better way on. */
function givenUp(address: string, reason: string, have: number, tries: number): Error {
  if (have === 0) return new Refused(`${reason} (${tries} times)`);
  return new Unavailable(
    `${address}: ${reason} (${tries} times without progress). The ${have} bytes that came are kept: run the same command again later.`,
  );
}

/** The path that an address of this machine names; undefined for one of the network. */
function localPath(address: string): string | undefined {
  if (/^https?:\/\//i.test(address)) return undefined;
  return /^file:/i.test(address) ? decodeURIComponent(new URL(address).pathname) : path.resolve(address);
}

async function fromThisMachine(file: string, address: string, options: DownloadOptions): Promise<Downloaded> {
  if (fileBytes(file) === undefined) throw new Refused("there is no such file");
  const { mtime } = statSync(file);
  return await described(file, address, {}, mtime.toISOString(), false, options);
}

function fileBytes(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() ? found.size : undefined;
}

async function described(
  file: string,
  address: string,
  { etag, lastModified }: Validators,
  date: string,
  ours: boolean,
  { signal }: DownloadOptions,
): Promise<Downloaded> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    throwIfStopped(signal);
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  const version = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  return { path: file, address, bytes, sha256: hash.digest("hex"), ...version, date, ours };
}
