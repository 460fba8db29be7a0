import { randomInt } from "node:crypto";

const longestPauseMs = 120_000;

/** How long to wait before attempt `next` (2 is the first repetition), in milliseconds: twice as long each time, with a random part. */
export function pauseBefore(next: number, firstMs: number, jitterMs: number): number {
  const random = randomInt(2 ** 32) / 2 ** 32;
  return Math.min(firstMs * 2 ** (next - 2) + random * jitterMs, longestPauseMs);
}

/**
 * A `Retry-After` header in milliseconds: seconds, or a date that is compared with the answer's own `Date` where it has one,
 * since clocks differ. Undefined for anything else. Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | undefined, date?: string, now = Date.now()): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/[a-z]/i.test(text)) return undefined;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const sent = date === undefined ? Number.NaN : Date.parse(date);
  return Math.max(0, until - (Number.isNaN(sent) ? now : sent));
}
