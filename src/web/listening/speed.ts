/** Time that a precision took for sound: summed, so that long stretches count for more. */
export class Speed {
  private workMs = 0;
  private soundSeconds = 0;

  add(ms: number, seconds: number): void {
    this.workMs += ms;
    this.soundSeconds += seconds;
  }

  /** Milliseconds for a second of sound; undefined before there was any. */
  get msPerSecond(): number | undefined {
    return this.soundSeconds > 0 ? this.workMs / this.soundSeconds : undefined;
  }
}
