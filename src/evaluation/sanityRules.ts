/** Below this a run shows that a recipe works, and no more. */
export const fewestRankedEpochs = 10;

/** Four-class Score from which a model trained from scratch on ICBHI's official split is not believed without a search. */
const suspiciousScore = 0.6;
/** Absorbs binary rounding of scores that are quotients of counts. */
const rounding = 1e-9;

/** Whether runs of so many epochs may be ranked against others: a row of under ten epochs "runs", it is not ranked. */
export function mayRank(epochs: number): boolean {
  return epochs >= fewestRankedEpochs;
}

/**
 * The sentence to print beside a Score that is too good: above 60 on the clean official split of ICBHI, four classes, from
 * scratch (papers.md 6.16). Undefined where there is nothing to suspect; `official-patient-leak` is known to leak and says
 * so by itself.
 * @param score 0 to 1
 * @param pretrained whether training started from weights of other data
 */
export function leakSuspicion({
  task,
  split,
  score,
  pretrained,
}: {
  task: string;
  split: string;
  score: number;
  pretrained: boolean;
}): string | undefined {
  if (task !== "4-class" || split !== "official" || pretrained || !(score > suspiciousScore + rounding))
    return undefined;
  return `Score ${(100 * score).toFixed(1)} from scratch on ICBHI's official split is above 60, where 52 to 56 are usual: a reason to look for test data in training.`;
}
