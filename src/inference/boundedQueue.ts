/** What happens to work that comes faster than it is done. */
export type WhenBehind = "drop" | "wait";

/** Work that is done one after the other; so many jobs wait at most. */
export class BoundedQueue<Job> {
  /** Jobs that were never done. */
  dropped = 0;
  private readonly jobs: Job[] = [];
  private running: Promise<void> | undefined;
  private isClosed = false;
  private failure: { error: unknown } | undefined;
  private wake: (() => void)[] = [];
  private readonly work: (job: Job) => Promise<void>;
  private readonly limit: number;
  private readonly whenFull: WhenBehind;

  /**
   * @param limit of jobs that wait, besides the one that is being done; one at least
   * @param whenFull `drop`: the one that has waited longest is given up and counted; `wait`: `add` answers when there is room
   */
  constructor(work: (job: Job) => Promise<void>, limit: number, whenFull: WhenBehind) {
    if (!Number.isInteger(limit) || limit < 1)
      throw new RangeError(`bounded queue: limit must be 1 or more, got ${limit}`);
    this.work = work;
    this.limit = limit;
    this.whenFull = whenFull;
  }

  get waiting(): number {
    return this.jobs.length;
  }

  /**
   * @returns nothing where there was room, and always with `drop`: the job is taken by then; else when it is taken
   * @throws what earlier work threw, once
   */
  add(job: Job): Promise<void> | undefined {
    this.throwFailure();
    if (this.isClosed) {
      this.dropped++;
      return undefined;
    }
    if (this.jobs.length >= this.limit) {
      if (this.whenFull === "wait") return this.addLater(job);
      this.jobs.shift();
      this.dropped++;
    }
    this.jobs.push(job);
    this.running ??= this.run();
    return undefined;
  }

  /** Waits until nothing is left to do; throws what work threw. */
  async idle(): Promise<void> {
    await this.running;
    this.throwFailure();
  }

  /** Gives up what waits and what is still added, and waits for what is being done. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.dropped += this.jobs.length;
    this.jobs.length = 0;
    this.changed();
    await this.running;
  }

  private async addLater(job: Job): Promise<void> {
    while (this.jobs.length >= this.limit) await this.change();
    await this.add(job);
  }

  private async run(): Promise<void> {
    for (;;) {
      // Lets a page, and Ctrl-C, through: features and WebAssembly leave no room of themselves.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const job = this.jobs.shift();
      if (job === undefined) break;
      this.changed();
      try {
        await this.work(job);
      } catch (error) {
        this.failure ??= { error };
      }
    }
    this.running = undefined;
    this.changed();
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure.error;
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.wake.push(resolve));
  }

  private changed(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
  }
}
