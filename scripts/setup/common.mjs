import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** Held while the checkout itself is changed. */
export const projectLock = path.join(root, ".setup.lock");

export const say = (message) => console.error(`[setup] ${message}`);

export const sha256 = (...contents) => {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex");
};

/** A failure that a person can mend; printed without a stack. */
export class SetupError extends Error {}

/** Ctrl-C or SIGTERM: nothing is wrong, the next call goes on. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted. The same command goes on from here.");
  }
}

export function cacheFolder() {
  if (process.env.AUSCULT_CACHE) return path.resolve(process.env.AUSCULT_CACHE);
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "auscult");
}

const freeMegabytes = (folder) => {
  const { bavail, bsize } = fs.statfsSync(folder);
  return Math.floor((bavail * bsize) / 1e6);
};

/** Throws before a download that cannot fit. Sizes in megabytes. */
export function needSpace(folder, megabytes, what, free = freeMegabytes) {
  fs.mkdirSync(folder, { recursive: true });
  const have = free(folder);
  if (have >= megabytes) return;
  const elsewhere =
    folder === cacheFolder() ? "point AUSCULT_CACHE at another disk" : "move the project to another disk";
  throw new SetupError(
    `${what} needs ${megabytes} MB in ${folder}, where ${have} MB are free. Make room there, or ${elsewhere}.`,
  );
}

/** The content of a small file, or "" where there is none. */
export function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A file that is there whole or not at all. */
export function writeWhole(file, content) {
  const beside = `${file}.${randomUUID()}`; // numbers of processes are each machine's own
  fs.writeFileSync(beside, content);
  fs.renameSync(beside, file);
}

/** Megabytes of all files below a folder; files that vanish meanwhile count nothing. */
export function megabytesIn(folder) {
  let bytes = 0;
  const visit = (at) => {
    try {
      for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
        const child = path.join(at, entry.name);
        if (entry.isDirectory()) visit(child);
        else if (entry.isFile()) bytes += fs.statSync(child).size;
      }
    } catch {
      // gone in between
    }
  };
  visit(folder);
  return bytes / 1e6;
}
