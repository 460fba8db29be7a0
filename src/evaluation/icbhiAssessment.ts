import { clusteredEstimate } from "./clusteredEstimate.js";
import type { ConfusionMatrix } from "./confusion.js";
import type { PatientConfusion } from "./confusionByPatient.js";
import { type IcbhiScores, icbhiScores } from "./icbhiScores.js";
import { type BootstrapInterval, intervalOf } from "./patientBootstrap.js";
import { assessSet, type Resampling, type SetAssessment, type SetRequest } from "./setAssessment.js";

export type IcbhiIntervals = Record<"se" | "sp" | "score", BootstrapInterval> &
  Partial<Record<"collapsedSe" | "collapsedScore", BootstrapInterval>>;

/** What one model did on one set of ICBHI's cycles. */
export interface IcbhiAssessment extends SetAssessment {
  challenge: "icbhi";
  scores: IcbhiScores;
  /** 95 % intervals by resampling patients; absent where none were asked for. */
  intervals?: IcbhiIntervals;
}

/** Scores, AUC, loss and confusion of a set of cycles, Normal first; see `assessSet` for how a cycle is decided. */
export function assessIcbhi(request: SetRequest & { resampling?: Resampling }): IcbhiAssessment {
  const { resampling } = request;
  const assessed = assessSet(request);
  return {
    challenge: "icbhi",
    scores: icbhiScores(assessed.confusion),
    ...(resampling && { intervals: icbhiIntervals(assessed.byPatient, resampling) }),
    ...assessed,
  };
}

/** Intervals of Se, Sp and Score, of four classes also read as two, by resampling patients. */
export function icbhiIntervals(byPatient: readonly PatientConfusion[], { draws, streams }: Resampling): IcbhiIntervals {
  const estimates = clusteredEstimate({ runs: [[byPatient]], metrics: rates, streams, draws });
  const { se, sp, score, collapsedSe, collapsedScore } = estimates;
  const both = { se: intervalOf(se), sp: intervalOf(sp), score: intervalOf(score) };
  if (byPatient[0]?.matrix.labels.length === 2) return both;
  return { ...both, collapsedSe: intervalOf(collapsedSe), collapsedScore: intervalOf(collapsedScore) };
}

function rates(pooled: ConfusionMatrix): Record<keyof IcbhiIntervals, number> {
  const { se, sp, score, collapsedSe = se, collapsedScore = score } = icbhiScores(pooled);
  return { se, sp, score, collapsedSe, collapsedScore };
}
