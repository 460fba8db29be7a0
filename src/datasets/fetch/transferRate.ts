const WINDOW_MS = 15_000;

/** Bytes per second over the last quarter of a minute, and what that makes of the bytes to come. */
export class TransferRate {
  private readonly samples: { ms: number; bytes: number }[] = [];

  /**
   * @param bytes all that came so far; fewer than before begins anew
   * @param nowMs any clock that goes on
   */
  add(bytes: number, nowMs: number): void {
    if (bytes < (this.samples.at(-1)?.bytes ?? 0)) this.samples.length = 0;
    this.samples.push({ ms: nowMs, bytes });
    while (this.samples.length > 2 && this.samples[1]!.ms <= nowMs - WINDOW_MS) this.samples.shift();
  }

  /** Undefined until half a second was seen. */
  bytesPerSecond(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.ms - first.ms < 500) return undefined;
    return ((last.bytes - first.bytes) / (last.ms - first.ms)) * 1000;
  }

  secondsFor(bytes: number): number | undefined {
    const rate = this.bytesPerSecond();
    return rate === undefined || rate <= 0 ? undefined : bytes / rate;
  }
}
