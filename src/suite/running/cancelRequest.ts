import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { writeJsonAtomic } from "../../node/atomicFile.js";

const CANCEL_FILE = "cancel.json";

/** Asks whoever makes an attempt at the work of a folder, now or next, to stop in order. Later attempts are not meant. */
export function requestCancel(folder: string, attempt: number): void {
  writeJsonAtomic(path.join(folder, CANCEL_FILE), { attempt, at: new Date().toISOString() });
}

/** Whether an attempt was asked to stop. A damaged request asks whoever is at work. */
export function isCancelled(folder: string, attempt: number): boolean {
  const file = path.join(folder, CANCEL_FILE);
  if (!existsSync(file)) return false;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { attempt: number }).attempt === attempt;
  } catch {
    return existsSync(file);
  }
}

/** Takes a request back: the work is asked for anew. */
export function forgetCancel(folder: string): void {
  rmSync(path.join(folder, CANCEL_FILE), { force: true });
}
