import type { Assessment } from "../evaluation/assessment.js";
import type { LastEpochs } from "../evaluation/median.js";
import type { RunCalibration } from "../evaluation/runCalibration.js";
import type { ScoreIntervals } from "../evaluation/sprsoundAssessment.js";
import type { IntegratedRecords } from "../evaluation/sprsoundRecords.js";
import type { SprSoundScores } from "../evaluation/sprsoundScores.js";
import type { EpochRecord } from "../training/trainingState.js";
import type { FineTuning } from "./fineTuningRecord.js";
import type { SearchRecord } from "./searchRecord.js";

/** A pretraining, as the records of the runs that start from it have it. */
export interface PretrainingSummary {
  /** Of its stage, such as "pretraining_1f2e3d4c5b6a7988". */
  id: string;
  /** Of the file of weights that it left. */
  sha256: string;
  epochs: number;
  chosenEpoch: number;
  /** By what the epoch was chosen, in words. */
  chosenBy: string;
  seconds: number;
  history: EpochRecord[];
}

/** Everything that is kept of a finished run's measurements: plain JSON (what is undefined, such as SE without items, is null there). */
export interface RunResult {
  epochs: number;
  stepsPerEpoch: number;
  /** Of the network; where its paper does not say what it counts, those that are trained. */
  parameters: number;
  /** Of training and evaluation, over all sittings; features apart. */
  seconds: number;
  chosenEpoch: number;
  /** By what the epoch was chosen, in words. */
  chosenBy: string;
  /** The chosen epoch on each test set. */
  tests: Record<string, Assessment>;
  /** Labels of whole recordings, integrated from the labels of their windows; of classifiers of windows only. */
  records?: readonly IntegratedRecords[];
  /** The mean of the scores of SPRSound's inter and intra sets; absent where a challenge has one test set. */
  mean?: { scores: SprSoundScores; intervals?: ScoreIntervals };
  /** The chosen epoch on the roles that learnt and chose, as they were drawn; absent where they were not looked at. */
  roles?: Partial<Record<"train" | "select", Assessment>>;
  /** What the run started from that was learnt before it, shared with other runs. */
  pretraining?: PretrainingSummary;
  /** Of the Score over the last tenth of the epochs (at least one), and whose it is. */
  lastEpochs: LastEpochs & { role: "test" | "select" };
  /** Score of the very last epoch, of the same role. */
  lastEpochScore: number;
  history: EpochRecord[];
  /** Of the chosen epoch's probabilities, under `honest`; absent in records from before it was measured. */
  calibration?: RunCalibration;
  /** Code, processor or threads that changed between sittings; where any did, the run need not equal one never stopped to the last bit. */
  changes?: string[];
  /** Where the run diverged and began anew otherwise: what happened, in words. */
  fallback?: string;
  /** Of a network that was trained on for each device: how, and what it was before. */
  fineTuning?: FineTuning;
  /** Means and deviations of the training images' channels, where inputs were standardised by them. */
  imageStatistics?: { mean: readonly number[]; deviation: readonly number[] };
  /** Each opening of a test set. */
  testOpenings: { set: string; purpose: string; count: number }[];
  /** Of a search, which has no tests: its trials, whose epochs are `history`'s. */
  search?: SearchRecord;
  /** Who is on both sides of the split, in sentences. */
  splitNotes: string[];
  /** Examples by role and class. */
  counts: Record<string, Record<string, number>>;
}
