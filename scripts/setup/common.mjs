import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export const say = (message) => console.error(`[setup] ${message}`);

export const sha256 = (...contents) => {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex");
};

/** A failure that a person can mend; printed without a stack. */
export class SetupError extends Error {}

export function cacheFolder() {
  if (process.env.AUSCULT_CACHE) return path.resolve(process.env.AUSCULT_CACHE);
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "auscult");
}

/** Runs a program with its output on stderr; throws a SetupError that ends with `hint` when it fails. */
export function run(command, args, hint, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  if (result.signal === "SIGINT" || result.signal === "SIGTERM")
    throw new SetupError("interrupted; run the same command again to go on");
  if (result.error || result.status !== 0) {
    const why = result.error ? result.error.message : `it ended with ${result.signal ?? `code ${result.status}`}`;
    throw new SetupError(`${path.basename(command)} ${args.slice(0, 3).join(" ")} ...: ${why}.\n        ${hint}`);
  }
}

/** Throws before a download that cannot fit. Sizes in megabytes. */
export function needSpace(folder, megabytes, what) {
  fs.mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = fs.statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < megabytes) {
    throw new SetupError(
      `${what} needs ${megabytes} MB in ${folder}, where ${free} MB are free. Make room there, or point AUSCULT_CACHE at another disk.`,
    );
  }
}

/** The content of a small file, or "" where there is none. */
export function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
