import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { writeFileAtomic, writeJsonAtomic } from "../../node/atomicFile.js";
import type { RunRequest } from "../../papers/paper.js";
import { UserError } from "../../userError.js";
import type { PlannedRun } from "../plan.js";
import { attemptNumbers } from "./attempt.js";
import { forgetCancel } from "./cancelRequest.js";
import { type Holder, thisHolder } from "./holder.js";

/** Where a run was handed to a cluster: which line of which submission's manifest is its own. */
export interface Placed {
  on: "slurm" | "ray";
  submission: string;
  index: number;
}

/** What a run was asked for, by whom: `request.json` of its folder, all that is needed to go on with it. */
export interface AskedFor {
  format: typeof FORMAT;
  request: RunRequest;
  /** Of one operation, unless it was begun with another number. */
  threads: number;
  by: Holder;
  at: string;
  /** Attempts that had been made by then; absent in folders from before it was kept. */
  attemptsBefore?: number;
  /** Where a cluster was asked to begin it; absent: the process that asked does. */
  placed?: Placed;
  /** Whether who asked will not come to it: stopped, or it failed before it could begin. */
  givenUp?: boolean;
}

const FORMAT = 1;
const REQUEST_FILE = "request.json";

/**
 * Keeps the request of a run that this process will carry out, or a cluster; an earlier request to cancel it counts no longer.
 *
 * @returns takes it back, for as long as nobody has seen it
 */
export function askFor(
  { folder, request, threads }: Pick<PlannedRun, "folder" | "request" | "threads">,
  placed?: Placed,
): () => void {
  const file = path.join(folder, REQUEST_FILE);
  const before = existsSync(file) ? readFileSync(file) : undefined;
  const asked: AskedFor = {
    ...{ format: FORMAT, request, threads, by: thisHolder(), at: new Date().toISOString() },
    attemptsBefore: attemptNumbers(folder).at(-1) ?? 0,
    ...(placed && { placed }),
  };
  writeJsonAtomic(file, asked);
  forgetCancel(folder);
  return () => {
    if (before) writeFileAtomic(file, before);
    else rmSync(file, { force: true });
    if (readdirSync(folder).length === 0) rmdirSync(folder);
  };
}

/** Tells that this process will not come to a run, unless another has asked for it since. Never throws. */
export function giveUp(folder: string): void {
  try {
    const asked = readAskedFor(folder);
    const { pid, started, machine } = thisHolder();
    const mine = asked?.by.pid === pid && asked.by.started === started && asked.by.machine === machine;
    if (mine) writeJsonAtomic(path.join(folder, REQUEST_FILE), { ...asked, givenUp: true });
  } catch {
    // Whoever looks then sees that this process has gone.
  }
}

/** Undefined in folders from before requests were kept. Throws UserError that names a damaged file. */
export function readAskedFor(folder: string): AskedFor | undefined {
  const file = path.join(folder, REQUEST_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const asked = JSON.parse(readFileSync(file, "utf8")) as AskedFor;
    if (asked?.format !== FORMAT) throw new Error(`format ${asked?.format}, this version reads ${FORMAT}`);
    if (typeof asked.request?.experiment !== "string") throw new Error("it names no experiment");
    return asked;
  } catch (error) {
    throw new UserError(`${file} cannot be read (${(error as Error).message}); ask for the run again with \`run\``, 1);
  }
}
