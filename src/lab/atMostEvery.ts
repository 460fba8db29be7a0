/** Does something when asked, but not more often than every so many milliseconds; what was asked for in between is done once, later. */
export class AtMostEvery {
  private readonly work: () => void;
  private readonly milliseconds: number;
  private last = -Infinity;
  private waiting: NodeJS.Timeout | undefined;

  constructor(milliseconds: number, work: () => void) {
    this.milliseconds = milliseconds;
    this.work = work;
  }

  ask(): void {
    if (this.waiting) return;
    const wait = this.last + this.milliseconds - performance.now();
    if (wait <= 0) this.now();
    else this.waiting = setTimeout(() => this.now(), wait);
  }

  /** At once, and nothing later. */
  now(): void {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.last = performance.now();
    this.work();
  }
}
