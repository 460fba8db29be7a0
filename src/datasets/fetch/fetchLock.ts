import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { UserError } from "../../userError.js";

const TOUCH_MS = 15_000;
const STALE_MS = 120_000;

/**
 * Keeps a second fetch away from a data set's folder while the first is at work. The lock of a process of this machine that is gone is
 * taken over at once; any other, such as one of another machine on a shared disk, when it was not touched for two minutes.
 */
export class FetchLock {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {
    this.timer = setInterval(() => this.touch(), TOUCH_MS);
    this.timer.unref();
  }

  /**
   * @param folder the data set's folder; it is made
   * @throws UserError (exit code 1) that names the process which holds it
   */
  static take(folder: string): FetchLock {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, ".fetch.lock");
    const content = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}`;
    for (let tries = 0; tries < 3; tries++) {
      if (place(file, content)) return new FetchLock(file, content);
      const holder = read(file);
      if (holder !== undefined && isAtWork(file, holder)) throw inUse(folder, holder);
      if (holder !== undefined) setAside(file, holder);
    }
    throw inUse(folder, read(file) ?? "");
  }

  /** Whether the lock is still this one's: it is not, where this process slept long enough for another to take over. */
  isOurs(): boolean {
    return read(this.file) === this.content;
  }

  release(): void {
    clearInterval(this.timer);
    if (this.isOurs()) rmSync(this.file, { force: true });
  }

  private touch(): void {
    try {
      const now = new Date();
      if (this.isOurs()) utimesSync(this.file, now, now);
    } catch {
      // The next one will do.
    }
  }
}

/** With its content from the first moment on, and only if there is none: a link is made in one step. */
function place(file: string, content: string): boolean {
  const beside = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(beside, content, { flag: "wx" });
  try {
    linkSync(beside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isAtWork(file: string, holder: string): boolean {
  const [pid, host] = holder.split(" ");
  if (host === hostname() && !isAlive(Number(pid))) return false;
  // A living process of that number may be another by now, so that its touch counts too.
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && Date.now() - touched < STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Two may find the same lock abandoned: what was set aside must be that lock, else it goes back. */
function setAside(file: string, holder: string): void {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another was first
  }
  try {
    if (read(aside) !== holder) linkSync(aside, file);
  } catch {
    // A third one holds it by now; the one whose lock this was sees that it is not its own any more.
  } finally {
    rmSync(aside, { force: true });
  }
}

function inUse(folder: string, holder: string): UserError {
  const [pid, host] = holder.split(" ");
  const who = host === undefined ? "Another process" : `Process ${pid}${host === hostname() ? "" : ` on ${host}`}`;
  return new UserError(`${who} is fetching into ${folder} already. Wait for it, or stop it.`, 1);
}
