import { existsSync } from "node:fs";
import { writeJsonAtomic } from "../../node/atomicFile.js";
import { createOnce } from "../../node/createOnce.js";
import { Interrupted } from "../../training/interrupted.js";
import {
  type Attempt,
  type AttemptEnd,
  type AttemptProgress,
  attemptFile,
  FORMAT,
  isAlive,
  newestAttempt,
  RENEWAL_MS,
} from "./attempt.js";
import { isCancelled } from "./cancelRequest.js";
import { isDone } from "./doneMarker.js";
import { thisHolder } from "./holder.js";

/** How often a holder looks whether it is to stop. */
const LOOK_MS = 1000;

/**
 * Takes the work of a folder, if nobody is at it: of all processes that try, on whichever machines share the folder, one gets the next
 * attempt. Throws UserError that names a damaged file, and what the file system throws.
 *
 * @returns the claim, or the attempt of whoever has the work, or "done"
 */
export function claimWork(folder: string): Claim | { heldBy: Attempt } | "done" {
  for (;;) {
    const newest = newestAttempt(folder);
    if (newest && isAlive(folder, newest)) return { heldBy: newest };
    // Looked at now: whoever marks work as done has it until after that.
    if (isDone(folder)) return "done";
    const now = new Date().toISOString();
    const attempt: Attempt = {
      format: FORMAT,
      attempt: (newest?.attempt ?? 0) + 1,
      holder: thisHolder(),
      ...(process.env.AUSCULT_PLACE && { place: process.env.AUSCULT_PLACE }),
      since: now,
      renewed: now,
      ...(newest?.progress && { progress: { ...newest.progress, phase: "starting", fraction: 0, detail: "" } }),
    };
    if (createOnce(attemptFile(folder, attempt.attempt), text(attempt))) return new Claim(folder, attempt);
  }
}

/** Work that this process has, as long as it renews its lease and nobody has made a newer attempt. */
export class Claim {
  readonly number: number;
  private readonly folder: string;
  private attempt: Attempt;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private written = performance.now();
  private cancelled = false;

  constructor(folder: string, attempt: Attempt) {
    this.folder = folder;
    this.attempt = attempt;
    this.number = attempt.attempt;
    this.epochsBefore = attempt.progress?.epoch ?? 0;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
    this.look();
  }

  /** Aborted when the work is cancelled, or was taken over. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Epochs that earlier attempts are known to have done. */
  readonly epochsBefore: number;

  /** Whether it was asked to stop by a request in the folder. */
  get wasCancelled(): boolean {
    return this.cancelled;
  }

  /** Whether a newer attempt has the work. */
  get wasLost(): boolean {
    return !this.isNewest();
  }

  /** Called before whatever others will rely on is put in its place. Throws Interrupted where a newer attempt has the work. */
  readonly mayWrite = (): void => {
    if (!this.isNewest()) throw new Interrupted(this.lostText());
  };

  /** Told to others with the next renewal. */
  progress(progress: Partial<AttemptProgress>): void {
    const before = this.attempt.progress ?? { phase: "starting", fraction: 0, detail: "" };
    this.attempt = { ...this.attempt, progress: { ...before, ...progress } };
  }

  /** Lets the work go. Never throws: who comes next sees that this process has gone. */
  end(how: AttemptEnd, message?: string): void {
    clearInterval(this.timer);
    const at = new Date().toISOString();
    this.attempt = { ...this.attempt, ended: { how, at, ...(message !== undefined && { message }) } };
    this.write();
  }

  private look(): void {
    if (!this.isNewest()) {
      clearInterval(this.timer);
      this.controller.abort(new Interrupted(this.lostText()));
      return;
    }
    if (!this.cancelled && isCancelled(this.folder, this.number)) {
      this.cancelled = true;
      this.controller.abort(new Interrupted("cancelled"));
    }
    if (performance.now() - this.written >= RENEWAL_MS) this.write();
  }

  private isNewest(): boolean {
    return !existsSync(attemptFile(this.folder, this.number + 1));
  }

  private lostText(): string {
    return `attempt ${this.number} at ${this.folder} was taken over by attempt ${this.number + 1}`;
  }

  private write(): void {
    this.written = performance.now();
    try {
      writeJsonAtomic(attemptFile(this.folder, this.number), { ...this.attempt, renewed: new Date().toISOString() });
    } catch {
      // Such as on a full disk. The lease holds for some time yet, and what matters is refused where it is written.
    }
  }
}

function text(attempt: Attempt): string {
  return `${JSON.stringify(attempt, null, 2)}\n`;
}
