import type { Streams } from "../random/streams.js";
import { aucOneVersusRest } from "./auc.js";
import { type ConfusionMatrix, confusionOf } from "./confusion.js";
import { confusionByDevice, type DeviceConfusion } from "./confusionByDevice.js";
import { confusionByPatient, type PatientConfusion } from "./confusionByPatient.js";
import { meanCrossEntropy } from "./crossEntropy.js";
import { decisionsOf, logSoftmaxRows } from "./logits.js";

/** What one model did on one set, whatever the challenge. */
export interface SetAssessment {
  /** Of the second class for two classes, else the mean over the classes against the rest. */
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

/** How intervals are made: resamples of patients. */
export interface Resampling {
  draws: number;
  streams: Streams;
}

export interface SetRequest {
  examples: readonly AssessedExample[];
  /** `[examples, classes]`, row-major */
  logits: Float32Array;
  /** Indices of labels, [examples]; absent: the class of the largest logit, the first among equals. */
  decisions?: Int32Array;
  labels: readonly string[];
}

/** AUC, loss and confusion of a set. */
export function assessSet({ examples, logits, decisions, labels }: SetRequest): SetAssessment {
  const classes = labels.length;
  const truths = examples.map((example) => example.label);
  const logProbabilities = logSoftmaxRows(logits, classes);
  return {
    auc: aucOneVersusRest(classes === 2 ? margins(logits) : logProbabilities, truths, classes).macro,
    loss: meanCrossEntropy(logProbabilities, truths, classes),
    ...countDecisions({ examples, decisions: decisions ?? decisionsOf(logits, classes), labels }),
  };
}

export interface DecidedSet extends Omit<SetRequest, "logits" | "decisions"> {
  /** [examples], indices of labels */
  decisions: ArrayLike<number>;
}

/** What decisions alone give of a set. */
export function countDecisions({ examples, decisions, labels }: DecidedSet): Omit<SetAssessment, "auc" | "loss"> {
  const truths = examples.map((example) => example.label);
  const patients = examples.map((example) => example.patient);
  const devices = examples.map((example) => example.device);
  const decided = Array.from(decisions);
  const byDevice = confusionByDevice(labels, devices, truths, decided);
  return {
    examples: examples.length,
    confusion: confusionOf(labels, truths, decided),
    byPatient: confusionByPatient(labels, patients, truths, decided),
    ...(byDevice && { byDevice }),
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
