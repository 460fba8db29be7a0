import type { TestPath } from "../papers/testPath.js";
import { UserError } from "../userError.js";

/** Of a longer clip this much stands for it, so that memory has a bound: four times the longest recording of SPRSound. */
export const LONGEST_SECONDS = 60;
/** Sound cards end below; resampling from other rates would take filters without measure. */
const RATES_HZ = { least: 1000, most: 768_000 };

/**
 * The frames that stand for a clip: all, or of more than a minute its start, middle or end.
 *
 * @throws UserError as `requireRate` does
 */
export function standingPart(
  { frames, sampleRateHz }: { frames: number; sampleRateHz: number },
  keeps: TestPath["keeps"],
): { first: number; end: number } {
  requireRate(sampleRateHz);
  const kept = Math.min(frames, LONGEST_SECONDS * sampleRateHz);
  const first = { start: 0, centre: Math.floor((frames - kept) / 2), end: frames - kept }[keeps];
  return { first, end: first + kept };
}

/** Throws UserError for a sample rate that cannot be. */
export function requireRate(sampleRateHz: number): void {
  if (Number.isInteger(sampleRateHz) && sampleRateHz >= RATES_HZ.least && sampleRateHz <= RATES_HZ.most) return;
  throw new UserError(
    `a sample rate of ${sampleRateHz} Hz; expected a whole number from ${RATES_HZ.least} to ${RATES_HZ.most} Hz`,
  );
}
