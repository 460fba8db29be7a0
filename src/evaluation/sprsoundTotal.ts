/** What each task's Score counts in the challenge's Total; the bonus for speed counts 0.1 (papers.md 0.3). */
export const TOTAL_WEIGHTS: Readonly<Record<string, number>> = { "11": 0.2, "12": 0.3, "21": 0.2, "22": 0.3 };

/**
 * The SPRSound challenge's Total, 0.2 S11 + 0.3 S12 + 0.2 S21 + 0.3 S22 + 0.1 bonus (papers.md 0.3).
 *
 * @param scores by task, each from 0 to 1
 * @param bonus from 0 to 1, the fastest submission's being 1; 0 where run times of others are not known
 * @returns undefined unless all four tasks have a Score
 * @throws RangeError for a bonus that was not normalised
 */
export function sprSoundTotal(scores: Readonly<Record<string, number | undefined>>, bonus = 0): number | undefined {
  if (!(bonus >= 0 && bonus <= 1)) throw new RangeError(`SPRSound's Total: bonus must be from 0 to 1, got ${bonus}`);
  let total = 0.1 * bonus;
  for (const [task, weight] of Object.entries(TOTAL_WEIGHTS)) {
    const score = scores[task];
    if (score === undefined || Number.isNaN(score)) return undefined;
    total += weight * score;
  }
  return total;
}
