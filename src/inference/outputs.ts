import { logSoftmaxRows } from "../evaluation/logits.js";
import { UserError } from "../userError.js";
import type { Manifest } from "./manifest.js";

/** What a network's outputs say. */
export interface Outputs {
  /** What each output stands for: the labels, or findings that may be there or not. */
  readonly names: readonly string[];
  /** Whether the run fitted a temperature, by which logits are divided. */
  readonly calibrated: boolean;
  /**
   * @param logits of one map, [names]
   * @returns probabilities to be shown, [names]: calibrated ones where the run has a calibration
   */
  probabilities(logits: Float32Array): Float64Array;
  /**
   * Shares of the labels by which the run decided, [labels], which add up to 1: without temperature, as in its evaluation.
   */
  shares(logits: Float32Array): Float64Array;
}

/**
 * The meaning of a model's outputs.
 *
 * @throws UserError for a way to decide that this version does not know, and for findings that do not fit the labels
 */
export function outputsOf({
  outputs,
  labels,
  calibration,
}: Pick<Manifest, "outputs" | "labels" | "calibration">): Outputs {
  if (outputs.kind === "softmax") {
    const { temperature = 1 } = calibration ?? {};
    return {
      names: labels,
      calibrated: calibration !== null,
      probabilities: (logits) => softmax(logits, temperature),
      shares: (logits) => softmax(logits),
    };
  }
  const { findings, threshold, decide } = outputs;
  const isKnown = Object.hasOwn(DECISIONS, decide);
  if (!isKnown) {
    throw new UserError(
      `the model decides labels by "${decide}"; this version knows ${Object.keys(DECISIONS).join(", ")}; use the version that exported it`,
    );
  }
  const { labelsOf, logits: decided } = DECISIONS[decide as keyof typeof DECISIONS];
  if (labelsOf(findings.length) !== labels.length || !(threshold > 0 && threshold < 1)) {
    throw new UserError(
      `${findings.length} findings, decided by "${decide}" at ${threshold}, do not give ${labels.length} labels: the manifest is damaged`,
    );
  }
  return {
    names: findings,
    calibrated: false,
    probabilities: (logits) => Float64Array.from(logits, sigmoid),
    shares: (logits) => softmax(decided(logits, threshold)),
  };
}

/** Ways from findings' logits to those of labels, as the layers of `nn/` have them. */
const DECISIONS = {
  /** Label k has finding i where bit i of k is 1; a finding is there where its probability is above the threshold. */
  combination: { labelsOf: (findings: number) => 2 ** findings, logits: jointLogits },
  /** The largest sigmoid score; the last finding is the others' combination and wins where it equals the largest of those but the first. */
  largest: { labelsOf: (findings: number) => findings, logits: scoreLogits },
} as const;

function jointLogits(logits: Float32Array, threshold: number): Float64Array {
  const shift = Math.log(threshold / (1 - threshold));
  return Float64Array.from({ length: 2 ** logits.length }, (_, k) => {
    let sum = 0;
    for (const [i, logit] of logits.entries()) {
      const above = logit - shift;
      sum += logSigmoid((k >> i) & 1 ? above : -above);
    }
    return sum;
  });
}

/** Of two equal logarithms the winner's becomes so much less negative. */
const NUDGE = 1e-6;

function scoreLogits(logits: Float32Array): Float64Array {
  const scores = Float64Array.from(logits, (logit) => Math.fround(logSigmoid(logit)));
  const last = scores.length - 1;
  if (last > 1 && scores[last] === Math.max(...scores.subarray(1, last))) scores[last]! *= 1 - NUDGE;
  return scores;
}

function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  return logSoftmaxRows(logits, logits.length, temperature).map(Math.exp);
}

function sigmoid(logit: number): number {
  return Math.exp(logSigmoid(logit));
}

function logSigmoid(logit: number): number {
  return Math.min(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)));
}
