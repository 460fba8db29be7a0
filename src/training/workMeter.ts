/** What a person watching wants to know. */
export interface ProgressReport {
  phase: string;
  /** From 0 to 1, of the whole phase. */
  fraction: number;
  /** Undefined until it can be told. */
  secondsLeft?: number;
  detail: string;
  /** What each kind of work took in this sitting, for later estimates. */
  measured?: Measured;
}

/** Units that were done and the seconds they took, by kind. */
export type Measured = Readonly<Record<string, { units: number; seconds: number }>>;

/**
 * Estimates the time left of work whose parts are of different kinds, from the seconds per unit of each kind seen so far.
 * Until a kind was seen, it is taken to cost what `guess` says relative to the first kind.
 */
export class WorkMeter {
  private readonly kinds = new Map<string, { total: number; done: number; seconds: number; guess: number }>();
  private last = performance.now();

  /** Adds work: `total` units of a kind, of which `done` were done in an earlier sitting. */
  plan(kind: string, total: number, guess: number, done = 0): void {
    this.kinds.set(kind, { total, done, seconds: 0, guess });
    this.startedWith.set(kind, done);
    this.last = performance.now();
  }

  private readonly startedWith = new Map<string, number>();

  /** Books the time since the last call to `units` of a kind. */
  advance(kind: string, units: number): void {
    const work = this.kinds.get(kind);
    if (!work) throw new RangeError(`no work of kind ${kind} was planned`);
    const now = performance.now();
    work.done = Math.min(work.total, work.done + units);
    work.seconds += (now - this.last) / 1000;
    this.last = now;
  }

  /** What was done in this sitting. */
  measured(): Measured {
    const kinds = [...this.kinds].map(([kind, { done, seconds }]) => {
      return [kind, { units: done - this.startedWith.get(kind)!, seconds }] as const;
    });
    return Object.fromEntries(kinds);
  }

  /** Share of the work done, by cost, and seconds left. */
  estimate(): { fraction: number; secondsLeft?: number } {
    let scale = 0;
    let seen = 0;
    const perUnit = (kind: string) => {
      const { done, seconds } = this.kinds.get(kind)!;
      const fresh = done - this.startedWith.get(kind)!;
      return fresh > 0 && seconds > 0 ? seconds / fresh : undefined;
    };
    for (const [kind, { guess }] of this.kinds) {
      const cost = perUnit(kind);
      if (cost !== undefined) {
        scale += cost / guess;
        seen++;
      }
    }
    if (seen === 0) return { fraction: 0 };
    let left = 0;
    let all = 0;
    for (const [kind, { total, done, guess }] of this.kinds) {
      const cost = perUnit(kind) ?? (scale / seen) * guess;
      left += (total - done) * cost;
      all += total * cost;
    }
    return { fraction: all === 0 ? 1 : 1 - left / all, secondsLeft: left };
  }
}
