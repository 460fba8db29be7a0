/**
 * The SPRSound challenge's bonus for speed before it is normalised, log(t0) - log(t) with the natural logarithm; the base is not
 * stated and falls out of the normalised bonus, in which each is divided by the largest (papers.md 0.3).
 *
 * @param seconds run time of this submission, t
 * @param slowestSeconds run time of the slowest other, t0; where this one is slower, it is the slowest and has 0
 * @throws RangeError unless both are above 0
 */
export function runtimeBonus(seconds: number, slowestSeconds: number): number {
  if (!(seconds > 0 && slowestSeconds > 0)) {
    throw new RangeError(`runtime bonus: seconds must be above 0, got ${seconds} and ${slowestSeconds}`);
  }
  return Math.max(0, Math.log(slowestSeconds) - Math.log(seconds));
}
