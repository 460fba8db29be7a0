import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
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

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** A lock of another machine that was not renewed is broken after this time. */
const foreignLockMs = 3 * 60_000;

function isStale(file: string, holder: ProcessIdentity | undefined): boolean {
  if (!holder) return false;
  if (holder.host === hostname()) return !isRunning(holder);
  try {
    return Date.now() - statSync(file).mtimeMs > foreignLockMs;
  } catch {
    return false;
  }
}

/** Takes the lock if it is free or its holder is dead; answers how to release it, or undefined. */
export function tryLock(file: string): (() => void) | undefined {
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomBytes(6).toString("hex");
  const mine = `${file}.${process.pid}.${token}.tmp`;
  // Written whole beside its place and linked: a lock file is never seen empty.
  writeFileSync(mine, JSON.stringify({ ...identityOf(), token }));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        linkSync(mine, file);
        return () => {
          if ((readIdentity(file) as { token?: string } | undefined)?.token === token) rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = readIdentity(file);
      if (!isStale(file, holder)) return undefined;
      const aside = `${mine}.stale`;
      try {
        renameSync(file, aside);
      } catch {
        continue;
      }
      // Someone may have broken the stale lock and taken a new one in between: then it is put back.
      const moved = readIdentity(aside);
      if (moved && !isStale(aside, moved)) {
        try {
          linkSync(aside, file);
        } catch {
          // A third one was faster.
        }
      }
      rmSync(aside, { force: true });
    }
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Waits for the lock. Answers how to release it, or undefined when the time is over or `giveUp` says so. */
export async function waitForLock(
  file: string,
  timeoutMs: number,
  giveUp: () => boolean | Promise<boolean> = () => false,
): Promise<(() => void) | undefined> {
  for (const until = Date.now() + timeoutMs; ; ) {
    const release = tryLock(file);
    if (release) return release;
    if (Date.now() >= until || (await giveUp())) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.min(200, timeoutMs / 20)));
  }
}
