import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfusionMatrix } from "../../src/evaluation/confusion.js";
import type { PatientConfusion } from "../../src/evaluation/confusionByPatient.js";
import { randomisationTest } from "../../src/evaluation/randomisationTest.js";
import { sprSoundScores } from "../../src/evaluation/sprsoundScores.js";
import { Streams } from "../../src/random/streams.js";
import { judgedAnew, labels, madeUpPatients } from "./madeUpPatients.js";

const hitRate = ({ counts }: ConfusionMatrix) => ({
  rate: (counts[0]![0]! + counts[1]![1]!) / counts.flat().reduce((a, b) => a + b),
});
const score = (pooled: ConfusionMatrix) => ({ score: sprSoundScores(pooled, 1).score });

/** Patients of equally many items, so many of them hits. */
const patientsWith = (hits: number[], items: number): PatientConfusion[] =>
  hits.map((each, p) => ({ patient: `${p}`, matrix: { labels, counts: [[each, items - each], [0, 0]] } })); // biome-ignore format: one line

describe("randomisation test", () => {
  /*
  from scipy import stats
  a, b = [5, 3, 6, 4, 2, 5, 1, 6], [3, 3, 4, 4, 1, 2, 2, 1]
  rate = lambda x, y, axis=-1: np.mean(x, axis=axis) / 6 - np.mean(y, axis=axis) / 6
  stats.permutation_test((a, b), rate, permutation_type="samples", n_resamples=np.inf)
  */
  it("gives SciPy's exact p value, swapping only patients who were judged differently", () => {
    const first = patientsWith([5, 3, 6, 4, 2, 5, 1, 6], 6);
    const second = patientsWith([3, 3, 4, 4, 1, 2, 2, 1], 6);
    const { rate } = randomisationTest({
      first: [[first]],
      second: [[second]],
      metrics: hitRate,
      streams: new Streams(1),
    });
    expect(rate).toMatchObject({ exact: true, draws: 32 });
    expect(rate.difference).toBeCloseTo(0.25, 12);
    expect(rate.p).toBeCloseTo(0.09375, 12);
  });

  /*
  a, b = (np.arange(40) * 7) % 11, (np.arange(40) * 5 + 3) % 9
  stats.permutation_test((a, b), rate, permutation_type="samples", n_resamples=999999, rng=1)
  */
  it("gives SciPy's p value of random draws, within the draws' own scatter", () => {
    const first = Array.from({ length: 40 }, (_, i) => (i * 7) % 11);
    const second = Array.from({ length: 40 }, (_, i) => (i * 5 + 3) % 9);
    const { rate } = randomisationTest({
      first: [[patientsWith(first, 10)]],
      second: [[patientsWith(second, 10)]],
      metrics: hitRate,
      streams: new Streams(2),
    });
    expect(rate.difference).toBeCloseTo(0.1075, 12);
    expect(rate).toMatchObject({ exact: false, draws: 9999 });
    // Standard error of 9,999 draws at p = 0.144: 0.0035.
    expect(Math.abs(rate.p - 0.144096)).toBeLessThan(0.011);
  });

  it("equals swapping written out, for two sets, two and three seeds, and a metric that is no mean", () => {
    const sets = [madeUpPatients(4, 7, 1, "a"), madeUpPatients(3, 9, 2, "b")];
    const run = (seed: number) => sets.map((set, s) => judgedAnew(set, 10 * seed + s));
    const first = [run(1), run(2)];
    const second = [run(3), run(4), run(5)];
    const scoreOf = (patients: PatientConfusion[]) => {
      const sum = labels.map((_, i) =>
        labels.map((_, j) => patients.reduce((a, { matrix }) => a + matrix.counts[i]![j]!, 0)),
      );
      return sprSoundScores({ labels, counts: sum }, 1).score;
    };
    const difference = (swapped: number) => {
      let sum = 0;
      for (let pair = 0; pair < 6; pair++) {
        const [one, other] = [first[pair % 2]!, second[pair % 3]!];
        let place = 0;
        for (const s of [0, 1]) {
          const changes = one[s]!.map(() => (swapped >> place++) & 1);
          const a = one[s]!.map((patient, p) => (changes[p] ? other[s]![p]! : patient));
          const b = one[s]!.map((patient, p) => (changes[p] ? patient : other[s]![p]!));
          sum += (scoreOf(a) - scoreOf(b)) / 12;
        }
      }
      return sum;
    };
    const all = Array.from({ length: 2 ** 7 }, (_, swapped) => difference(swapped));
    const result = randomisationTest({ first, second, metrics: score, streams: new Streams(1) }).score;
    expect(result.exact).toBe(true);
    expect(result.difference).toBeCloseTo(all[0]!, 12);
    expect(result.p).toBeCloseTo(all.filter((d) => Math.abs(d) >= Math.abs(all[0]!) - 1e-12).length / all.length, 12);
  });

  it("finds nothing between a row and itself, and mirrors when the rows change places", () => {
    const one = madeUpPatients(9, 8, 3);
    const other = judgedAnew(one, 4);
    const test = (first: PatientConfusion[], second: PatientConfusion[]) =>
      randomisationTest({ first: [[first]], second: [[second]], metrics: score, streams: new Streams(1) }).score;
    expect(test(one, one)).toEqual({ difference: 0, low: 0, high: 0, p: 1, draws: 1, exact: true });
    const forward = test(one, other);
    const backward = test(other, one);
    expect(backward.p).toBe(forward.p);
    expect(backward.difference).toBeCloseTo(-forward.difference, 12);
    expect(backward.low).toBeCloseTo(-forward.high, 12);
  });

  it("does not depend on the order of patients or on their names", () => {
    const one = madeUpPatients(8, 8, 5);
    const other = judgedAnew(one, 6);
    const p = (first: PatientConfusion[], second: PatientConfusion[]) =>
      randomisationTest({
        first: [[first]],
        second: [[second]],
        metrics: score,
        streams: new Streams(1),
        bootstrapDraws: 10,
      }).score.p;
    const expected = p(one, other);
    fc.assert(
      fc.property(fc.shuffledSubarray(one, { minLength: 8 }), fc.shuffledSubarray(other, { minLength: 8 }), (a, b) => {
        const renamed = (run: PatientConfusion[]) => run.map((each) => ({ ...each, patient: `x${each.patient}` }));
        expect(p(renamed(a), renamed(b))).toBeCloseTo(expected, 12);
      }),
      { numRuns: 10 },
    );
  });

  it("refuses rows on different test sets", () => {
    const one = madeUpPatients(5, 8, 1);
    const test = (first: PatientConfusion[][], second: PatientConfusion[][]) => () =>
      randomisationTest({ first: [first], second: [second], metrics: hitRate, streams: new Streams(1) });
    expect(test([one], [one.slice(1)])).toThrow("use unpairedDifference");
    expect(test([one], [madeUpPatients(5, 8, 2)])).toThrow("use unpairedDifference");
    expect(test([one], [one, madeUpPatients(5, 8, 1, "x")])).toThrow("use unpairedDifference");
  });
});
