import { type ConfusionMatrix, countDecision, emptyConfusion } from "./confusion.js";

/** One patient's decisions on one set. */
export interface PatientConfusion {
  patient: string;
  matrix: ConfusionMatrix;
}

/** Splits the decisions of a set by patient, ordered by patient, so that the order of the items does not matter. */
export function confusionByPatient(
  labels: readonly string[],
  patients: readonly string[],
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
): PatientConfusion[] {
  if (patients.length !== truths.length || patients.length !== predictions.length) {
    throw new RangeError(
      `${patients.length} patients, ${truths.length} truths and ${predictions.length} predictions must be equally many`,
    );
  }
  const byPatient = new Map<string, ConfusionMatrix>();
  patients.forEach((patient, i) => {
    let matrix = byPatient.get(patient);
    if (!matrix) {
      matrix = emptyConfusion(labels);
      byPatient.set(patient, matrix);
    }
    countDecision(matrix, truths[i]!, predictions[i]!);
  });
  return [...byPatient]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([patient, matrix]) => ({
      patient,
      matrix,
    }));
}
