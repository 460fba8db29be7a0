import type { IcbhiAssessment } from "./icbhiAssessment.js";
import type { SprSoundAssessment } from "./sprsoundAssessment.js";

/** What one model did on one test set, by the rules of the set's challenge. */
export type Assessment = SprSoundAssessment | IcbhiAssessment;

/** Whether a set is ICBHI's; an assessment without a challenge was written before there were two, and is SPRSound's. */
export function isIcbhi(assessment: Assessment): assessment is IcbhiAssessment {
  return assessment.challenge === "icbhi";
}

/** Names of scores in the order they are shown; no challenge has all of them. */
export const SCORE_NAMES = ["score", "se", "sp", "as", "hs", "collapsedSe", "collapsedScore"] as const;
export type ScoreName = (typeof SCORE_NAMES)[number];

/** The scores of a set by their names, in the order of `SCORE_NAMES`: those that its challenge has. Counts are left out. */
export function namedScores(scores: Assessment["scores"]): Partial<Record<ScoreName, number>> {
  const all: Partial<Record<ScoreName, number>> = scores;
  return Object.fromEntries(SCORE_NAMES.filter((name) => name in all).map((name) => [name, all[name]!]));
}
