import { type Calibration, type CalibrationBins, calibrationOf } from "./calibration.js";
import type { SetRequest } from "./setAssessment.js";
import { fitTemperature } from "./temperature.js";

/** A set's calibration as a record keeps it. */
export type KeptCalibration = Omit<Calibration, "equalWidth" | "equalCounts"> & {
  /** Of equal width from 0 to 1, the least sure first. */
  bins: Omit<CalibrationBins, "edges">;
};

/** How well one set's probabilities agree with how often they are right, as they came and divided by the temperature. */
export interface BeforeAfter {
  before: KeptCalibration;
  after: KeptCalibration;
}

/** Calibration of a run's chosen epoch. */
export interface RunCalibration {
  /** Fitted on the select role: see `fitTemperature`. */
  temperature: number;
  select: BeforeAfter;
  tests: Record<string, BeforeAfter>;
}

/** Every set before and after the temperature that the select role gives. Throws RangeError where a set has no examples. */
export function calibrated(select: SetRequest, tests: Readonly<Record<string, SetRequest>>): RunCalibration {
  const temperature = fitTemperature(select.logits, truthsOf(select), select.labels.length);
  const both = (set: SetRequest): BeforeAfter => {
    const { logits, labels } = set;
    const truths = truthsOf(set);
    return {
      before: kept(calibrationOf(logits, truths, labels.length)),
      after: kept(calibrationOf(logits, truths, labels.length, temperature)),
    };
  };
  const ofTests = Object.entries(tests).map(([name, request]) => [name, both(request)] as const);
  return { temperature, select: both(select), tests: Object.fromEntries(ofTests) };
}

const truthsOf = ({ examples }: SetRequest) => examples.map(({ label }) => label);

function kept({ equalWidth, equalCounts: _, ...numbers }: Calibration): KeptCalibration {
  const { counts, right, confidence } = equalWidth;
  // What is drawn needs no more than four places.
  const rounded = confidence.map((value) => (value === null ? null : Math.round(value * 1e4) / 1e4));
  return { ...numbers, bins: { counts, right, confidence: rounded } };
}
