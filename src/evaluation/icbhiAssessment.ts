import type { IcbhiScores } from "./icbhiScores.js";
import type { BootstrapInterval } from "./patientBootstrap.js";
import type { SprSoundAssessment } from "./sprsoundAssessment.js";

export type IcbhiIntervals = Record<"se" | "sp" | "score", BootstrapInterval> &
  Partial<Record<"collapsedSe" | "collapsedScore", BootstrapInterval>>;

/** What one model did on one set of ICBHI's cycles. */
export interface IcbhiAssessment extends Omit<SprSoundAssessment, "challenge" | "scores" | "intervals"> {
  challenge: "icbhi";
  scores: IcbhiScores;
  /** 95 % intervals by resampling patients; absent where none were asked for. */
  intervals?: IcbhiIntervals;
}
