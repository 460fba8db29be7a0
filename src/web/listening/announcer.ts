/**
 * What a screen reader is told, no more often than it can be listened to: of texts that come faster, the newest is told when the time has
 * come; others are dropped, as they stand in the table. Urgent ones (a microphone that went) are told at once.
 */
export class Announcer {
  private lastMs = Number.NEGATIVE_INFINITY;
  private waiting: string | undefined;
  private readonly say: (text: string) => void;
  private readonly pauseMs: number;

  constructor(say: (text: string) => void, pauseMs = 5000) {
    this.say = say;
    this.pauseMs = pauseMs;
  }

  tell(text: string, nowMs: number): void {
    this.waiting = text;
    this.tick(nowMs);
  }

  urgent(text: string, nowMs: number): void {
    this.waiting = undefined;
    this.lastMs = nowMs;
    this.say(text);
  }

  /** To be called now and then. */
  tick(nowMs: number): void {
    if (this.waiting === undefined || nowMs - this.lastMs < this.pauseMs) return;
    this.say(this.waiting);
    this.waiting = undefined;
    this.lastMs = nowMs;
  }
}
