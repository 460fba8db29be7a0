import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusteredEstimate } from "../../src/evaluation/clusteredEstimate.js";
import { type ConfusionMatrix, confusionOf } from "../../src/evaluation/confusion.js";
import type { PatientConfusion } from "../../src/evaluation/confusionByPatient.js";
import { expandedInterval, spreadOf } from "../../src/evaluation/expandedInterval.js";
import { sprSoundIntervals } from "../../src/evaluation/patientBootstrap.js";
import { sprSoundScores } from "../../src/evaluation/sprsoundScores.js";
import { Streams } from "../../src/random/streams.js";
import { judgedAnew, labels, madeUpPatients } from "./madeUpPatients.js";

const metrics = (pooled: ConfusionMatrix) => ({ score: sprSoundScores(pooled, 1).score });
const hitRate = ({ counts }: ConfusionMatrix) => ({
  rate: (counts[0]![0]! + counts[1]![1]!) / counts.flat().reduce((a, b) => a + b),
});

/** Straight from the definition, items listed one by one. */
function naiveScore(patients: PatientConfusion[]): number {
  const items = patients.flatMap(({ matrix }) =>
    matrix.counts.flatMap((row, truth) =>
      row.flatMap((count, predicted) => Array.from({ length: count }, () => [truth, predicted])),
    ),
  );
  const normal = items.filter(([truth]) => truth === 0);
  const adventitious = items.filter(([truth]) => truth === 1);
  const sp = normal.filter(([, predicted]) => predicted === 0).length / normal.length;
  const se = adventitious.filter(([, predicted]) => predicted === 1).length / adventitious.length;
  return ((se + sp) / 2 + (2 * se * sp) / (se + sp)) / 2;
}

const byName = (a: PatientConfusion, b: PatientConfusion) => (a.patient < b.patient ? -1 : 1);
const meanOf = (values: number[]) => values.reduce((a, b) => a + b) / values.length;

/** The bootstrap written out: who is drawn is looked up in each run's own list, and its items are listed again. */
function naiveInterval(runs: PatientConfusion[][][], seed: number, draws: number) {
  const sorted = runs.map((sets) => sets.map((set) => [...set].sort(byName)));
  const rngs = sorted[0]!.map((_, s) => new Streams(seed).stream("patientBootstrap", s));
  const rngOfRuns = new Streams(seed).stream("seedBootstrap", 0);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = sorted[0]!.map((set, s) => set.map(() => rngs[s]!.integer(set.length)));
    const ofRuns = sorted.map((sets) => meanOf(sets.map((set, s) => naiveScore(drawn[s]!.map((p) => set[p]!)))));
    values.push(runs.length === 1 ? ofRuns[0]! : meanOf(ofRuns.map(() => ofRuns[rngOfRuns.integer(runs.length)]!)));
  }
  const whole = (sets: PatientConfusion[][]) => meanOf(sets.map(naiveScore));
  const influences = sorted[0]!.map((set, s) =>
    set.map(
      (_, p) =>
        meanOf(sorted.map((sets) => whole(sets.map((own, k) => (k === s ? own.filter((_, i) => i !== p) : own))))) -
        meanOf(sorted.map(whole)),
    ),
  );
  return expandedInterval(
    values.sort((a, b) => a - b),
    spreadOf(influences, [sorted.map(whole)]),
    0.95,
  );
}

const inter = madeUpPatients(12, 6, 1, "inter");
const intra = madeUpPatients(9, 8, 2, "intra");

describe("clustered estimate", () => {
  it.each<[string, PatientConfusion[][][]]>([
    ["one set", [[inter]]],
    ["mean of two sets", [[inter, intra]]],
    ["three seeds", [[inter], [judgedAnew(inter, 3)], [judgedAnew(inter, 4)]]],
    [
      "two sets, two seeds",
      [
        [inter, intra],
        [judgedAnew(inter, 5), judgedAnew(intra, 6)],
      ],
    ],
  ])("equals the naive transcription: %s", (_, runs) => {
    const { score } = clusteredEstimate({ runs, metrics, streams: new Streams(5), draws: 300 });
    const { low, high } = naiveInterval(runs, 5, 300);
    expect(score.low).toBeCloseTo(low, 11);
    expect(score.high).toBeCloseTo(high, 11);
    expect(score.mean).toBeCloseTo(meanOf(runs.map((sets) => meanOf(sets.map(naiveScore)))), 12);
    expect(score).toMatchObject({ draws: 300, degenerate: 0, runs: runs.length });
    expect(score.patients).toBe(runs[0]!.flat().length);
  });

  it("has the width that theory gives for independent patients of one item each", () => {
    // Share of hits among 400 patients with one item each at rate 0.8: standard error sqrt(0.8 * 0.2 / 400) = 0.02.
    const patients = Array.from({ length: 400 }, (_, p) => ({
      patient: `${p}`,
      matrix: confusionOf(labels, [0], [p < 320 ? 0 : 1]),
    }));
    const { rate } = clusteredEstimate({ runs: [[patients]], metrics: hitRate, streams: new Streams(3) });
    // 1.96 * 0.02 = 0.0392; 2,000 draws leave the ends uncertain by about 0.02 / sqrt(2000) * 2.7 = 0.0012.
    expect(Math.abs(rate.low - (0.8 - 0.0392))).toBeLessThan(0.005);
    expect(Math.abs(rate.high - (0.8 + 0.0392))).toBeLessThan(0.005);
  });

  it("reaches from seed to seed where the patients are all alike", () => {
    // Draws of two from two seeds are 0.5, 0.7 and 0.9 with shares 1/4, 1/2 and 1/4, whoever the patients are.
    const alike = (hits: number) =>
      Array.from({ length: 20 }, (_, p) => ({ patient: `${p}`, matrix: { labels, counts: [[hits, 10 - hits], [0, 0]] } })); // biome-ignore format: one line
    const estimate = (...hits: number[]) =>
      clusteredEstimate({ runs: hits.map((each) => [alike(each)]), metrics: hitRate, streams: new Streams(1) }).rate;
    expect(estimate(5)).toMatchObject({ mean: 0.5, low: 0.5, high: 0.5, runs: 1 });
    expect(estimate(5, 9)).toMatchObject({ mean: 0.7, low: 0.5, high: 0.9, runs: 2 });
  });

  it("counts draws that hold no item of a kind, and gives no bounds where all hangs on one patient", () => {
    const patients = [
      { patient: "a", matrix: confusionOf(labels, [0, 0], [0, 1]) },
      { patient: "b", matrix: confusionOf(labels, [1], [1]) },
    ];
    const { score, sp } = sprSoundIntervals([patients], 1, new Streams(4), 2000);
    // A draw of two from two is one patient twice in half of the cases; only "b, b" (a quarter) lacks Normal items.
    expect(Math.abs(score.degenerate / 2000 - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(sp.degenerate / 2000 - 0.25)).toBeLessThan(0.05);
    expect([sp.low, sp.high, score.low]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("does not depend on the order of patients", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(inter, { minLength: inter.length }), (shuffled) => {
        const options = { metrics, draws: 50 };
        expect(clusteredEstimate({ ...options, runs: [[shuffled]], streams: new Streams(1) })).toEqual(
          clusteredEstimate({ ...options, runs: [[inter]], streams: new Streams(1) }),
        );
      }),
      { numRuns: 20 },
    );
  });

  it("mirrors when hits and misses change places", () => {
    const mirrored = inter.map(({ patient, matrix }) => ({
      patient,
      matrix: { labels, counts: matrix.counts.map((row) => [...row].reverse()) },
    }));
    const one = clusteredEstimate({ runs: [[inter]], metrics: hitRate, streams: new Streams(2) }).rate;
    const other = clusteredEstimate({ runs: [[mirrored]], metrics: hitRate, streams: new Streams(2) }).rate;
    expect(other.mean).toBeCloseTo(1 - one.mean, 12);
    expect(other.low).toBeCloseTo(1 - one.high, 12);
    expect(other.high).toBeCloseTo(1 - one.low, 12);
  });

  it("refuses runs that are not of the same patients, and sets that cannot be resampled apart", () => {
    const estimate = (runs: PatientConfusion[][][]) => clusteredEstimate({ runs, metrics, streams: new Streams(1) });
    expect(() => estimate([[inter, inter]])).toThrow("patient inter0 is listed twice");
    expect(() => estimate([[]])).toThrow("no set was given");
    expect(() => estimate([])).toThrow("no run");
    expect(() => estimate([[[]]])).toThrow("no patients");
    expect(() => estimate([[inter], [inter.slice(1)]])).toThrow("same patients");
    expect(() => estimate([[inter], [inter, intra]])).toThrow("same sets");
    expect(() => estimate([[inter], [intra]])).toThrow("same patients");
  });
});
