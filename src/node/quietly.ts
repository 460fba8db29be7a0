import { closeSync, constants, openSync } from "node:fs";

/**
 * Does work while what native code writes to stderr is thrown away. Only where stderr is a terminal, a file or a pipe on Linux;
 * elsewhere the work is done and heard.
 */
export function quietly<T>(work: () => T): T {
  const kept = reopen("/proc/self/fd/2");
  if (kept === undefined) return work();
  put("/dev/null");
  try {
    return work();
  } finally {
    put(`/proc/self/fd/${kept}`);
    closeSync(kept);
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
