import { mkdirSync } from "node:fs";
import { Interrupted } from "../../training/interrupted.js";
import { UserError } from "../../userError.js";
import { isAbort } from "./aborted.js";
import type { Attempt } from "./attempt.js";
import { type Claim, claimWork } from "./claim.js";
import { describeHolder } from "./holder.js";
import { logLine } from "./runLog.js";

/** Work that another process has. */
export class HeldElsewhere extends UserError {
  constructor(name: string, { holder, attempt, since }: Attempt) {
    super(
      `${name} is being run by another process (${describeHolder(holder)}, attempt ${attempt} since ${since.slice(0, 19)}); wait for it, or stop it first: npx auscult cancel ${name}`,
      1,
    );
  }
}

/**
 * One attempt at the work of a folder: claims it, does it, and keeps how that ended in the attempt's file and in the log. `signal` is
 * aborted also when the attempt is cancelled or taken over. Throws HeldElsewhere, Interrupted when it was stopped, and what the work throws.
 *
 * @returns undefined where the work was done before
 */
export async function attemptAt<T>(
  { folder, name, signal }: { folder: string; name: string; signal: AbortSignal },
  work: (claim: Claim, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  mkdirSync(folder, { recursive: true });
  const claim = claimWork(folder);
  if (claim === "done") return undefined;
  if ("heldBy" in claim) throw new HeldElsewhere(name, claim.heldBy);
  logLine(folder, `attempt ${claim.number}: ${name}, process ${process.pid}`);
  try {
    const result = await work(claim, AbortSignal.any([signal, claim.signal]));
    claim.end("done");
    logLine(folder, `attempt ${claim.number}: done`);
    return result;
  } catch (error) {
    const { message, stack } = error as Error;
    if (isAbort(error)) {
      claim.end(claim.wasCancelled ? "cancelled" : "interrupted");
      logLine(folder, `attempt ${claim.number}: ${claim.wasCancelled ? "cancelled, " : ""}${message}`);
      throw error instanceof Interrupted ? error : new Interrupted("stopped");
    }
    claim.end("failed", message);
    logLine(folder, `attempt ${claim.number}: failed: ${error instanceof UserError ? message : (stack ?? message)}`);
    throw error;
  }
}
