import { shownDuration } from "../suite/html.js";
import type { ProgressReport } from "../training/workMeter.js";

const EVERY_MS = { terminal: 200, log: 15_000 } as const;

/** Shows progress on stderr: one line rewritten on a terminal, a line now and then in a log. */
export class ProgressLine {
  private readonly terminal = process.stderr.isTTY === true;
  private last = -Infinity;
  private lastPhase = "";
  private open = false;

  show({ phase, fraction, secondsLeft, detail }: ProgressReport): void {
    const now = performance.now();
    const wait = this.terminal ? EVERY_MS.terminal : EVERY_MS.log;
    if (now - this.last < wait && phase === this.lastPhase) return;
    this.last = now;
    this.lastPhase = phase;
    const percent = `${Math.floor(100 * fraction)}`.padStart(3);
    const left = secondsLeft === undefined ? "" : `, ${shownDuration(secondsLeft)} left`;
    const text = `${phase} ${percent} %${left}: ${detail}`;
    if (this.terminal) {
      process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`);
      this.open = true;
    } else {
      process.stderr.write(`${text}\n`);
    }
  }

  /** A message on a line of its own. */
  say(message: string): void {
    this.end();
    process.stderr.write(`${message}\n`);
  }

  end(): void {
    if (this.open) process.stderr.write("\r\u001b[2K");
    this.open = false;
  }
}
