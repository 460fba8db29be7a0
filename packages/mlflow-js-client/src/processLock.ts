import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** When it started, in the system's own words; empty where that cannot be known. */
  started: string;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces: fields are counted from behind it. The 22nd is the start in ticks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "zombie" : fields[19]!;
  } catch {
    if (process.platform === "linux" || process.platform === "win32") return "";
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

/** The identity of a process of this machine (this one, unless another is named). */
export function identityOf(pid = process.pid): ProcessIdentity {
  return { pid, host: hostname(), started: startOf(pid) };
}

/** Whether that process still runs. One of another machine cannot be seen from here and counts as running. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  // Zero and negative numbers mean groups of processes.
  if (!Number.isInteger(identity.pid) || identity.pid <= 0) return false;
  try {
    process.kill(identity.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const started = startOf(identity.pid);
  return started !== "zombie" && (identity.started === "" || started === "" || started === identity.started);
}

/** Who holds a lock; undefined when nobody does or the file cannot be read. */
export function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** A holder renews its lock this often, where its process is not blocked. */
const renewalMs = 30_000;

/** A lock of another machine that was not renewed, or one that cannot be read, is broken after this time. */
const foreignLockMs = 3 * 60_000;

function isStale(file: string, holder: ProcessIdentity | undefined): boolean {
  if (holder?.host === hostname()) return !isRunning(holder);
  try {
    // A time that lies ahead comes from a clock that was set back since: it says no more than an old one.
    return Math.abs(Date.now() - statSync(file).mtimeMs) > foreignLockMs;
  } catch {
    return false;
  }
}

/** Puts the lock in its place if nobody has: written whole beside it and linked, a lock file is never seen empty. */
function place(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code === "ENOENT" || code === "ENOSPC" || code === "EROFS" || code === "EACCES") throw error;
  }
  // Some file systems have no links: there an exclusive copy must do.
  try {
    copyFileSync(mine, file, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock that nobody holds any more. One process at a time may: two that see the same dead holder must not remove
 * the lock that one of them takes in between.
 */
function breakStale(file: string): void {
  const breaking = `${file}.breaking`;
  // Held for a moment only: whoever was killed in it is not waited for.
  if (isStale(breaking, holderOf(breaking))) rmSync(breaking, { force: true });
  const mine = `${file}.${process.pid}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    writeFileSync(mine, JSON.stringify(identityOf()));
    if (!place(mine, breaking)) return;
    if (isStale(file, holderOf(file))) rmSync(file, { force: true });
    rmSync(breaking, { force: true });
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes the lock if it is free or its holder is dead; answers how to release it, or undefined. */
export function tryLock(file: string): (() => void) | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomBytes(6).toString("hex");
  const mine = `${file}.${process.pid}.${token}.tmp`;
  try {
    writeFileSync(mine, JSON.stringify({ ...identityOf(), token }));
    for (let attempt = 0; attempt < 3; attempt++) {
      if (place(mine, file)) return held(file, token);
      if (!isStale(file, holderOf(file))) return undefined;
      breakStale(file);
    }
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Keeps a lock fresh, and answers how to release it. */
function held(file: string, token: string): () => void {
  removeLeftovers(file);
  const isOurs = () => (holderOf(file) as { token?: string } | undefined)?.token === token;
  const renewal = setInterval(() => {
    try {
      if (isOurs()) utimesSync(file, new Date(), new Date());
    } catch {
      // The lock is younger than three minutes for some time yet.
    }
  }, renewalMs);
  renewal.unref();
  return () => {
    clearInterval(renewal);
    if (isOurs()) rmSync(file, { force: true });
  };
}

/** Processes that were killed while they took this lock leave a file each. */
function removeLeftovers(file: string): void {
  const folder = path.dirname(file);
  const start = `${path.basename(file)}.`;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start) || !/^\d+\.[0-9a-f]{12}\.tmp(\.stale)?$/.test(name.slice(start.length))) continue;
    const leftover = path.join(folder, name);
    if (isStale(leftover, holderOf(leftover))) rmSync(leftover, { force: true });
  }
}

/** Waits for the lock. Answers how to release it, or undefined when the time is over or `giveUp` says so. */
export async function waitForLock(
  file: string,
  timeoutMs: number,
  giveUp: () => boolean | Promise<boolean> = () => false,
): Promise<(() => void) | undefined> {
  for (const until = performance.now() + timeoutMs; ; ) {
    const release = tryLock(file);
    if (release) return release;
    if (performance.now() >= until || (await giveUp())) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.min(200, timeoutMs / 20)));
  }
}
