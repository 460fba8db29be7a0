import { type BootstrapInterval, sprSoundIntervals } from "./patientBootstrap.js";
import { assessSet, type Resampling, type SetAssessment, type SetRequest } from "./setAssessment.js";
import { meanOfSets, type SprSoundScores, sprSoundScores } from "./sprsoundScores.js";

export type ScoreIntervals = Record<"se" | "sp" | "score", BootstrapInterval>;

/** What one model did on one set of SPRSound. */
export interface SprSoundAssessment extends SetAssessment {
  /** Absent in records from before there were two challenges. */
  challenge?: "sprsound";
  scores: SprSoundScores;
  /** 95 % intervals by resampling patients; absent where none were asked for. */
  intervals?: ScoreIntervals;
}

export interface SprSoundRequest extends SetRequest {
  /** Index of the first adventitious class. */
  adventitiousFrom: number;
  /** How many resamples of patients; without it there are no intervals. */
  resampling?: Resampling;
}

/** Scores, AUC, loss and confusion of a set; see `assessSet` for how an item is decided. */
export function assessSprSound(request: SprSoundRequest): SprSoundAssessment {
  const { adventitiousFrom, resampling } = request;
  const assessed = assessSet(request);
  return {
    challenge: "sprsound",
    scores: sprSoundScores(assessed.confusion, adventitiousFrom),
    ...(resampling && {
      intervals: sprSoundIntervals([assessed.byPatient], adventitiousFrom, resampling.streams, resampling.draws),
    }),
    ...assessed,
  };
}

/** The mean over sets, value by value, with intervals from resampling each set's patients on its own. */
export function meanAssessment(
  sets: readonly SprSoundAssessment[],
  adventitiousFrom: number,
  resampling?: Resampling,
): { scores: SprSoundScores; intervals?: ScoreIntervals } {
  const patients = sets.map((set) => set.byPatient);
  return {
    scores: meanOfSets(sets.map((set) => set.scores)),
    ...(resampling && {
      intervals: sprSoundIntervals(patients, adventitiousFrom, resampling.streams, resampling.draws),
    }),
  };
}
