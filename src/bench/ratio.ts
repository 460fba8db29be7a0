/** The median of paired ratios with an interval. */
export interface MedianRatio {
  ratio: number;
  low: number;
  high: number;
  rounds: number;
}

/**
 * The median of ours over reference, round by round, with the interval between order statistics that holds the median with
 * at least 90 % (sign test; Conover, Practical Nonparametric Statistics, section 3.2). Pairs share what the machine did
 * at the time, so a ratio is steadier than either time.
 *
 * @param ours seconds of each round
 * @param reference seconds of the same rounds
 * @throws RangeError for lists of different length, fewer than 5 rounds, and times that are not positive
 */
export function medianRatio(ours: readonly number[], reference: readonly number[]): MedianRatio {
  const rounds = ours.length;
  if (rounds !== reference.length) throw new RangeError(`medianRatio: ${rounds} rounds against ${reference.length}`);
  if (rounds < 5) throw new RangeError(`medianRatio: ${rounds} rounds are too few for an interval; at least 5`);
  if (![...ours, ...reference].every((seconds) => seconds > 0))
    throw new RangeError("medianRatio: times must be positive");
  const ratios = ours.map((seconds, i) => seconds / reference[i]!).sort((a, b) => a - b);
  const depth = depthOfInterval(rounds);
  return { ratio: median(ratios), low: ratios[depth - 1]!, high: ratios[rounds - depth]!, rounds };
}

/** The median of numbers in any order. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The largest k such that the k-th smallest and k-th largest hold the median with 90 % or more; 1 for few values. */
function depthOfInterval(count: number): number {
  // P(fewer than k of n values lie below the median), n fair coins.
  let probability = 0.5 ** count;
  let below = probability;
  let depth = 1;
  for (let k = 1; k < count / 2; k++) {
    if (below > 0.05) break;
    depth = k;
    probability *= (count - k + 1) / k;
    below += probability;
  }
  return depth;
}
