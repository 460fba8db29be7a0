import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { writeFileSynced } from "../../node/atomicFile.js";
import { UserError } from "../../userError.js";
import { fateOf, type Holder } from "./holder.js";

/** How far an attempt came, for those who watch from another process. */
export interface AttemptProgress {
  phase: string;
  /** From 0 to 1, of the phase. */
  fraction: number;
  secondsLeft?: number;
  detail: string;
  /** Epochs that are done. */
  epoch?: number;
  /** The Score by which the epoch is chosen, after the last epoch. */
  score?: number;
}

export type AttemptEnd = "done" | "failed" | "interrupted" | "cancelled";

/**
 * One process's try at a piece of work: `attempts/000001.json` of its folder. The file is made once, which claims its number, and
 * written again by the process that made it alone: to renew its lease, to tell how far it is, and how it ended.
 */
export interface Attempt {
  format: typeof FORMAT;
  attempt: number;
  holder: Holder;
  /** Where a cluster began it, in its words, such as "slurm 12_3". */
  place?: string;
  since: string;
  /** When the holder last wrote. */
  renewed: string;
  progress?: AttemptProgress;
  /** Absent while it runs, and where its process died. */
  ended?: { how: AttemptEnd; at: string; message?: string };
}

export const FORMAT = 1;

/** How often a holder renews its lease. */
export const RENEWAL_MS = 5000;

/**
 * How long a lease holds that is not renewed, where nobody can see whether its process runs. Longer than the three minutes for which the
 * lock of such a process on its tracking records holds, since who takes the work over needs that too.
 */
export const LEASE_MS = 200_000;

export function attemptFile(folder: string, attempt: number): string {
  return path.join(folder, "attempts", `${String(attempt).padStart(6, "0")}.json`);
}

/** The newest attempt at the work of a folder. Throws UserError that names a file that cannot be read. */
export function newestAttempt(folder: string): Attempt | undefined {
  const newest = attemptNumbers(folder).at(-1);
  return newest === undefined ? undefined : readAttempt(folder, newest);
}

export function readAttempt(folder: string, number: number): Attempt {
  const file = attemptFile(folder, number);
  try {
    const attempt = JSON.parse(readFileSync(file, "utf8")) as Attempt;
    if (attempt?.format !== FORMAT) throw new Error(`format ${attempt?.format}, this version reads ${FORMAT}`);
    if (attempt.attempt !== number) throw new Error(`it says that it is attempt ${attempt.attempt}`);
    if (!Number.isInteger(attempt.holder?.pid)) throw new Error("it names no process");
    return attempt;
  } catch (error) {
    throw new UserError(
      `${file} cannot be read (${(error as Error).message}); make sure that nothing works in ${folder}, then remove that file to go on`,
      1,
    );
  }
}

/** Of the attempts at the work of a folder, rising. */
export function attemptNumbers(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(path.join(folder, "attempts"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UserError(`${path.join(folder, "attempts")} cannot be read (${(error as Error).message})`, 1);
  }
  return names
    .filter((name) => /^\d{6}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/**
 * Whether an attempt's process is at work: one of this machine is looked for, one of another counts as long as its lease was renewed. Its
 * age is told by the clock of the file system, which all machines that share the folder have in common.
 */
export function isAlive(folder: string, { attempt, holder, ended }: Attempt): boolean {
  if (ended) return false;
  const fate = fateOf(holder);
  if (fate !== "unseen") return fate === "runs";
  const file = attemptFile(folder, attempt);
  const renewedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Only an age that this machine's clock finds doubtful is worth a file.
  if (Math.abs(Date.now() - renewedMs) < LEASE_MS / 2) return true;
  return fileSystemNow(file) - renewedMs < LEASE_MS;
}

function fileSystemNow(beside: string): number {
  const file = `${beside}.${process.pid}.clock.tmp`;
  try {
    rmSync(file, { force: true });
    writeFileSynced(file, "");
    return statSync(file).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(file, { force: true });
  }
}
