import { existsSync } from "node:fs";
import path from "node:path";
import { createOnce } from "../../node/createOnce.js";

/** Written last, and once: the work of a folder with it is done. */
export const DONE_FILE = "done.json";

export function isDone(folder: string): boolean {
  return existsSync(path.join(folder, DONE_FILE));
}

/** @returns false where another attempt was first: what it left counts */
export function markDone(folder: string, attempt: number): boolean {
  const marker = { attempt, finishedAt: new Date().toISOString() };
  return createOnce(path.join(folder, DONE_FILE), `${JSON.stringify(marker, null, 2)}\n`);
}
