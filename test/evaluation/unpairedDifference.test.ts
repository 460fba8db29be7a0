import { describe, expect, it } from "vitest";
import { clusteredEstimate } from "../../src/evaluation/clusteredEstimate.js";
import { type ConfusionMatrix, confusionOf } from "../../src/evaluation/confusion.js";
import type { PatientConfusion } from "../../src/evaluation/confusionByPatient.js";
import { unpairedDifference } from "../../src/evaluation/unpairedDifference.js";
import { Streams } from "../../src/random/streams.js";
import { judgedAnew, labels, madeUpPatients } from "./madeUpPatients.js";

const metrics = ({ counts }: ConfusionMatrix) => ({
  rate: (counts[0]![0]! + counts[1]![1]!) / counts.flat().reduce((a, b) => a + b),
});
const difference = (first: PatientConfusion[], second: PatientConfusion[]) =>
  unpairedDifference({ first: [[first]], second: [[second]], metrics, streams: new Streams(1) }).rate;

/** Patients of one item each, so many of them hits. */
const patientsOf = (count: number, hits: number, prefix: string): PatientConfusion[] =>
  Array.from({ length: count }, (_, p) => ({
    patient: `${prefix}${p}`,
    matrix: confusionOf(labels, [0], [p < hits ? 0 : 1]),
  }));

describe("difference between different test sets", () => {
  it("has the width that theory gives for two proportions of independent patients", () => {
    // sqrt(0.8 * 0.2 / 400 + 0.5 * 0.5 / 300) = 0.03512; times 1.96: 0.0688.
    const { mean, low, high } = difference(patientsOf(400, 320, "a"), patientsOf(300, 150, "b"));
    expect(mean).toBeCloseTo(0.3, 12);
    expect(Math.abs(low - (0.3 - 0.0688))).toBeLessThan(0.008);
    expect(Math.abs(high - (0.3 + 0.0688))).toBeLessThan(0.008);
  });

  it("draws a patient of both sets once for both", () => {
    const shared = madeUpPatients(20, 10, 1, "both");
    // A row against itself on the same patients does not vary, and on others' patients it does.
    expect(difference(shared, shared)).toMatchObject({ mean: 0, low: 0, high: 0 });
    const apart = difference(
      shared,
      shared.map(({ patient, matrix }) => ({ patient: `other ${patient}`, matrix })),
    );
    expect(apart.high - apart.low).toBeGreaterThan(0.05);
    // In between: one half of the second set is also in the first.
    const half = difference(shared, [...shared.slice(0, 10), ...madeUpPatients(10, 10, 2, "second")]);
    expect(half.high - half.low).toBeGreaterThan(0);
  });

  it("is narrower than the two intervals say where the patients are shared and the rows agree on who is hard", () => {
    // By theory: var(a - b) = var(a) + var(b) - 2 cov(a, b), where all patients have one item: cov from the counts.
    const count = 400;
    const first = patientsOf(count, 320, "p");
    const second = patientsOf(count, 280, "p");
    // Hits of the second are hits of the first: cov = (0.7 - 0.8 * 0.7) / 400.
    const se = Math.sqrt((0.8 * 0.2 + 0.7 * 0.3 - 2 * (0.7 - 0.56)) / count);
    const { low, high } = difference(first, second);
    expect(Math.abs((high - low) / 2 - 1.96 * se)).toBeLessThan(0.004);
  });

  it("mirrors when the rows change places, and is the estimate of a row against one that is always wrong", () => {
    const patients = madeUpPatients(15, 8, 3);
    const other = judgedAnew(patients, 4);
    expect(difference(other, patients).low).toBeCloseTo(-difference(patients, other).high, 12);
    const wrong = patients.map(({ patient, matrix }) => ({
      patient,
      matrix: { labels, counts: matrix.counts.map((row, i) => row.map((_, j) => (i === j ? 0 : row[0]! + row[1]!))) },
    }));
    const alone = clusteredEstimate({ runs: [[patients]], metrics, streams: new Streams(1) }).rate;
    const { mean, low, high } = difference(patients, wrong);
    expect([mean, low, high]).toEqual([alone.mean, alone.low, alone.high]);
  });
});
