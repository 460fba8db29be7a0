import { appendFileSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";

/** What the attempts at a run, or a stage, have said, one after the other: `run.log` of its folder. */
export function logFile(folder: string): string {
  return path.join(folder, "run.log");
}

/** For the output of a process. */
export function openLog(folder: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(logFile(folder), "a");
}

/** Adds a line with the time; a disk that does not take it is no reason to stop. */
export function logLine(folder: string, text: string): void {
  try {
    appendFileSync(logFile(folder), `${new Date().toISOString()} ${text}\n`);
  } catch {}
}
