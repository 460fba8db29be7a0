import { readSync } from "node:fs";
import { peakMegabytes, say } from "./answerRounds.js";
import type { Round } from "./contestant.js";

/**
 * The contestant's side of `Contestant` for work that cannot be called step by step, such as a whole training run: it comes by at the end of
 * each turn, and is held up there until the next is asked for. Blocks the thread and reads stdin itself: nothing else may.
 */
export class Turns {
  private rest = "";
  private cpu = process.cpuUsage();
  private started = 0;
  private isReady = false;

  /**
   * Ends a turn; the first time, says that the work is ready.
   *
   * @param turn what to tell of it; of the first, nothing is told
   * @returns false where no further turn is wanted
   */
  next(turn: Pick<Round, "loss" | "parts">, about: object = {}): boolean {
    const seconds = (performance.now() - this.started) / 1000;
    if (this.isReady) {
      const { user, system } = process.cpuUsage(this.cpu);
      say({ ...turn, seconds: [seconds], cpuSeconds: (user + system) / 1e6, peakMb: peakMegabytes() } satisfies Round);
    } else {
      say({ ready: true, ...about });
      this.isReady = true;
    }
    const line = this.readLine();
    this.cpu = process.cpuUsage();
    this.started = performance.now();
    return line !== undefined && line !== "quit";
  }

  /** Undefined at the end of the input. */
  private readLine(): string | undefined {
    const buffer = Buffer.alloc(256);
    for (;;) {
      const end = this.rest.indexOf("\n");
      if (end >= 0) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 1);
        return line;
      }
      const count = readSync(0, buffer, 0, buffer.length, null);
      if (count === 0) return undefined;
      this.rest += buffer.toString("latin1", 0, count);
    }
  }
}
