import { confusionOf } from "../../src/evaluation/confusion.js";
import type { PatientConfusion } from "../../src/evaluation/confusionByPatient.js";
import { Streams } from "../../src/random/streams.js";

export const labels = ["Normal", "Adventitious"];

/** Patients whose own hit rate varies, so that their items are alike; the same seed gives the same ones. */
export function madeUpPatients(count: number, itemsEach: number, seed: number, prefix = "p"): PatientConfusion[] {
  return Array.from({ length: count }, (_, p) => {
    const rng = new Streams(seed).stream("patients", p);
    const rate = 0.4 + 0.5 * rng.uniform();
    const truths = Array.from({ length: itemsEach }, () => rng.integer(2));
    const predictions = truths.map((truth) => (rng.uniform() < rate ? truth : 1 - truth));
    return { patient: `${prefix}${p}`, matrix: confusionOf(labels, truths, predictions) };
  });
}

/** The same patients and items judged by another model: hit rates are drawn anew. */
export function judgedAnew(patients: readonly PatientConfusion[], seed: number): PatientConfusion[] {
  return patients.map(({ patient, matrix }, p) => {
    const rng = new Streams(seed).stream("anew", p);
    const rate = 0.4 + 0.5 * rng.uniform();
    const truths = matrix.counts.flatMap((row, truth) =>
      Array.from({ length: row.reduce((a, b) => a + b) }, () => truth),
    );
    const predictions = truths.map((truth) => (rng.uniform() < rate ? truth : 1 - truth));
    return { patient, matrix: confusionOf(labels, truths, predictions) };
  });
}
