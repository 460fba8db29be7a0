import { describe, expect, it } from "vitest";
import { type ConfusionMatrix, confusionOf } from "../../src/evaluation/confusion.js";
import { contributionCorrelation, smallestDetectable } from "../../src/evaluation/smallestDetectable.js";
import { labels, madeUpPatients } from "./madeUpPatients.js";

const metrics = ({ counts }: ConfusionMatrix) => ({
  rate: (counts[0]![0]! + counts[1]![1]!) / counts.flat().reduce((a, b) => a + b),
});

/** Patients of one item each, hit where `hit` says so. */
const patientsOf = (count: number, hit: (patient: number) => boolean) =>
  Array.from({ length: count }, (_, p) => ({
    patient: `${p}`,
    matrix: confusionOf(labels, [0], [hit(p) ? 0 : 1]),
  }));

describe("smallest detectable difference", () => {
  // from statsmodels.stats.power import TTestPower
  // TTestPower().solve_power(nobs=400, alpha=.05, power=.8), TTestPower().solve_power(nobs=40, alpha=.05, power=.9)
  it.each([
    [400, 0.8, 0.1404174368255295],
    [40, 0.9, 0.525637566749724],
  ])("of %d independent patients is statsmodels' effect size in standard deviations", (count, power, effect) => {
    const runs = [[patientsOf(count, (p) => p % 2 === 0)]];
    const { difference, degrees } = smallestDetectable({ runs, metrics, power }).rate;
    const deviation = Math.sqrt((0.25 * count) / (count - 1));
    expect(degrees).toBeCloseTo(count - 1, 9);
    // Student's quantiles stand for the non-central t of the exact power: half a per cent apart at 40 patients.
    expect(Math.abs(difference / (effect * deviation) - 1)).toBeLessThan(0.006);
  });

  it("of two rows is smaller the more their patients' contributions agree", () => {
    const runs = [[madeUpPatients(30, 10, 1)]];
    const of = (correlation?: number) => smallestDetectable({ runs, metrics, correlation }).rate.difference;
    expect(of(0) / of()).toBeCloseTo(Math.SQRT2, 12);
    expect(of(0.5) / of()).toBeCloseTo(1, 12);
    expect(of(1)).toBe(0);
    expect(() => of(1.1)).toThrow("between -1 and 1");
  });

  it("is not a number where all hangs on one patient", () => {
    const runs = [[patientsOf(1, () => true)]];
    expect(smallestDetectable({ runs, metrics }).rate.difference).toBeNaN();
  });
});

describe("correlation of contributions", () => {
  it("is Pearson's of the hits, for patients of one item each", () => {
    const first = patientsOf(40, (p) => p < 20);
    const second = patientsOf(40, (p) => p >= 10 && p < 30);
    const of = (a: typeof first, b: typeof first) => contributionCorrelation([[a]], [[b]], metrics).rate;
    expect(of(first, first)).toBeCloseTo(1, 12);
    // Ten hits in common of twenty each among forty: what independence gives.
    expect(of(first, second)).toBeCloseTo(0, 12);
    expect(
      of(
        first,
        patientsOf(40, (p) => p >= 20),
      ),
    ).toBeCloseTo(-1, 12);
    // phi = (n11 n00 - n10 n01) / 20^2 with 15 in common
    expect(
      of(
        first,
        patientsOf(40, (p) => p >= 5 && p < 25),
      ),
    ).toBeCloseTo((15 * 15 - 5 * 5) / 400, 12);
  });

  it("refuses other patients", () => {
    expect(() => contributionCorrelation([[madeUpPatients(3, 5, 1)]], [[madeUpPatients(4, 5, 1)]], metrics)).toThrow(
      "not of the same patients",
    );
  });
});
