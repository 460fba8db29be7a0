import type { Streams } from "../random/streams.js";
import { type ClusteredEstimate, clusteredEstimate } from "./clusteredEstimate.js";
import type { PatientConfusion } from "./confusionByPatient.js";
import { sprSoundScores } from "./sprsoundScores.js";

/** An interval as a run's record holds it. */
export type BootstrapInterval = Pick<ClusteredEstimate, "low" | "high" | "draws" | "degenerate">;

/**
 * Intervals of SE, SP and Score of one run on one SPRSound set, or of the mean over several, by resampling patients.
 * `t` as in `sprSoundScores`; what is thrown and how the bounds are found as in `clusteredEstimate`.
 */
export function sprSoundIntervals(
  sets: readonly (readonly PatientConfusion[])[],
  t: number,
  streams: Streams,
  draws = 2000,
): Record<"se" | "sp" | "score", BootstrapInterval> {
  const metrics = (pooled: PatientConfusion["matrix"]) => {
    const { se, sp, score } = sprSoundScores(pooled, t);
    return { se, sp, score };
  };
  const { se, sp, score } = clusteredEstimate({ runs: [sets], metrics, streams, draws });
  return { se: intervalOf(se), sp: intervalOf(sp), score: intervalOf(score) };
}

/** What of an estimate a record holds. */
export function intervalOf({ low, high, draws, degenerate }: ClusteredEstimate): BootstrapInterval {
  return { low, high, draws, degenerate };
}
