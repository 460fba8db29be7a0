import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Does work while what native code writes to stderr is thrown away. Only where stderr is a terminal, a pipe or a file that is appended to
 * (`2>> log`), on Linux; elsewhere the work is done and heard.
 */
export function quietly<T>(work: () => T): T {
  const kept = mayBeReopened() ? reopen("/proc/self/fd/2") : undefined;
  if (kept === undefined) return work();
  put("/dev/null");
  try {
    return work();
  } finally {
    put(`/proc/self/fd/${kept}`);
    closeSync(kept);
  }
}

/**
 * A file opened anew has a place of its own to write at: what is written there, and what others write who have the old one (stdout in
 * `> log 2>&1`, the shell's next command), would overwrite each other, but where all append.
 */
function mayBeReopened(): boolean {
  try {
    if (!fstatSync(2).isFile()) return true;
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/2", "utf8"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & constants.O_APPEND) !== 0;
  } catch {
    return false;
  }
}

/** Without truncating a file, and without taking a terminal as the process's own. */
function reopen(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY);
  } catch {
    return undefined; // a socket, or not Linux
  }
}

/** The lowest free number is given to what is opened next: 2, once stderr is closed. */
function put(path: string): void {
  closeSync(2);
  reopen(path);
}
