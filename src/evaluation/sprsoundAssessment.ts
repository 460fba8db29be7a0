import type { Streams } from "../random/streams.js";
import { aucOneVersusRest } from "./auc.js";
import { type ConfusionMatrix, confusionOf } from "./confusion.js";
import { confusionByDevice, type DeviceConfusion } from "./confusionByDevice.js";
import { confusionByPatient, type PatientConfusion } from "./confusionByPatient.js";
import { meanCrossEntropy } from "./crossEntropy.js";
import { type BootstrapInterval, sprSoundIntervals } from "./patientBootstrap.js";
import { meanOfSets, type SprSoundScores, sprSoundScores } from "./sprsoundScores.js";

export type ScoreIntervals = Record<"se" | "sp" | "score", BootstrapInterval>;

/** What one model did on one set. */
export interface SprSoundAssessment {
  /** Absent in records from before there were two challenges. */
  challenge?: "sprsound";
  scores: SprSoundScores;
  /** 95 % intervals by resampling patients; absent where none were asked for. */
  intervals?: ScoreIntervals;
  auc: number;
  /** Mean cross-entropy, nats. */
  loss: number;
  examples: number;
  confusion: ConfusionMatrix;
  byPatient: PatientConfusion[];
  /** Absent where the set does not name its devices. */
  byDevice?: DeviceConfusion[];
}

/** An example as far as an assessment needs it. */
export interface AssessedExample {
  label: number;
  patient: string;
  device?: string;
}

export interface AssessmentRequest {
  examples: readonly AssessedExample[];
  /** `[examples, classes]`, row-major */
  logits: Float32Array;
  labels: readonly string[];
  /** Index of the first adventitious class. */
  adventitiousFrom: number;
  /** How many resamples of patients; without it there are no intervals. */
  resampling?: { draws: number; streams: Streams };
}

/** Scores, AUC, loss and confusion of a set; the decision is the class of the largest logit, the first among equals. */
export function assessSprSound(request: AssessmentRequest): SprSoundAssessment {
  const { examples, logits, labels, adventitiousFrom, resampling } = request;
  const classes = labels.length;
  const truths = examples.map((example) => example.label);
  const logProbabilities = logSoftmaxRows(logits, classes);
  const decisions = truths.map((_, i) => indexOfLargest(logits, i * classes, classes));
  const confusion = confusionOf(labels, truths, decisions);
  const byPatient = confusionByPatient(labels, examples.map((example) => example.patient), truths, decisions); // biome-ignore format: one line
  const byDevice = confusionByDevice(labels, examples.map((example) => example.device), truths, decisions); // biome-ignore format: one line
  return {
    challenge: "sprsound",
    scores: sprSoundScores(confusion, adventitiousFrom),
    ...(resampling && {
      intervals: sprSoundIntervals([byPatient], adventitiousFrom, resampling.streams, resampling.draws),
    }),
    auc: aucOneVersusRest(classes === 2 ? margins(logits) : logProbabilities, truths, classes).macro,
    loss: meanCrossEntropy(logProbabilities, truths, classes),
    examples: examples.length,
    confusion,
    byPatient,
    ...(byDevice && { byDevice }),
  };
}

/** The mean over sets, value by value, with intervals from resampling each set's patients on its own. */
export function meanAssessment(
  sets: readonly SprSoundAssessment[],
  adventitiousFrom: number,
  resampling?: { draws: number; streams: Streams },
): { scores: SprSoundScores; intervals?: ScoreIntervals } {
  const patients = sets.map((set) => set.byPatient);
  return {
    scores: meanOfSets(sets.map((set) => set.scores)),
    ...(resampling && {
      intervals: sprSoundIntervals(patients, adventitiousFrom, resampling.streams, resampling.draws),
    }),
  };
}

/** Of two classes: the difference of the logits, which unlike the probability does not saturate into ties. */
function margins(logits: Float32Array): Float64Array {
  const result = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i += 2) {
    result[i] = logits[i]! - logits[i + 1]!;
    result[i + 1] = logits[i + 1]! - logits[i]!;
  }
  return result;
}

function logSoftmaxRows(logits: Float32Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[start + c]! - largest);
    const shift = largest + Math.log(sum);
    for (let c = 0; c < classes; c++) result[start + c] = logits[start + c]! - shift;
  }
  return result;
}

function indexOfLargest(values: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
}
