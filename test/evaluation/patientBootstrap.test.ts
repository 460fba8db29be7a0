import { describe, expect, it } from "vitest";
import { type ConfusionMatrix, confusionOf } from "../../src/evaluation/confusion.js";
import {
  confusionByPatient,
  type PatientConfusion,
  patientBootstrap,
  quantile,
  sprSoundIntervals,
} from "../../src/evaluation/patientBootstrap.js";
import { Streams } from "../../src/random/streams.js";

const labels = ["Normal", "Adventitious"];

/** Made-up patients whose own hit rate varies, so that their items are alike. */
function madeUpPatients(count: number, itemsEach: number, streams: Streams, prefix = "p"): PatientConfusion[] {
  return Array.from({ length: count }, (_, p) => {
    const rng = streams.stream("patients", p);
    const rate = 0.4 + 0.5 * rng.uniform();
    const truths = Array.from({ length: itemsEach }, () => rng.integer(2));
    const predictions = truths.map((truth) => (rng.uniform() < rate ? truth : 1 - truth));
    return { patient: `${prefix}${p}`, matrix: confusionOf(labels, truths, predictions) };
  });
}

/** Straight from the definition, items listed one by one. */
function naiveScore(items: [number, number][]): number {
  const normal = items.filter(([truth]) => truth === 0);
  const adventitious = items.filter(([truth]) => truth === 1);
  const sp = normal.filter(([, predicted]) => predicted === 0).length / normal.length;
  const se = adventitious.filter(([, predicted]) => predicted === 1).length / adventitious.length;
  return ((se + sp) / 2 + (2 * se * sp) / (se + sp)) / 2;
}

function itemsOf(matrix: ConfusionMatrix): [number, number][] {
  return matrix.counts.flatMap((row, truth) =>
    row.flatMap((count, predicted) => Array.from({ length: count }, (): [number, number] => [truth, predicted])),
  );
}

function naiveInterval(sets: PatientConfusion[][], seed: number, draws: number): [number, number] {
  const rngs = sets.map((_, s) => new Streams(seed).stream("patientBootstrap", s));
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0;
    sets.forEach((set, s) => {
      let items: [number, number][] = [];
      for (let k = 0; k < set.length; k++) items = items.concat(itemsOf(set[rngs[s]!.integer(set.length)]!.matrix));
      sum += naiveScore(items);
    });
    values.push(sum / sets.length);
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => {
    const position = share * (draws - 1);
    const below = Math.floor(position);
    return values[below]! * (1 - (position - below)) + values[Math.ceil(position)]! * (position - below);
  };
  return [at(0.025), at(0.975)];
}

describe("patient bootstrap", () => {
  const inter = madeUpPatients(12, 6, new Streams(1), "inter");
  const intra = madeUpPatients(9, 8, new Streams(2), "intra");

  it.each([
    ["inter", [inter]],
    ["intra", [intra]],
    ["mean of two sets", [inter, intra]],
  ])("equals the naive transcription: %s", (_, sets) => {
    const { score } = sprSoundIntervals(sets, 1, new Streams(5), 300);
    const [low, high] = naiveInterval(sets, 5, 300);
    expect(score.low).toBeCloseTo(low, 12);
    expect(score.high).toBeCloseTo(high, 12);
    expect(score).toMatchObject({ draws: 300, degenerate: 0 });
  });

  it("has the width that theory gives for independent patients of one item each", () => {
    // Share of hits among 400 patients with one item each at rate 0.8: standard error sqrt(0.8 * 0.2 / 400) = 0.02.
    const patients = Array.from({ length: 400 }, (_, p) => ({
      patient: `${p}`,
      matrix: confusionOf(labels, [0], [p < 320 ? 0 : 1]),
    }));
    const { rate } = patientBootstrap({
      sets: [patients],
      metrics: ({ counts }) => ({ rate: counts[0]![0]! / (counts[0]![0]! + counts[0]![1]!) }),
      streams: new Streams(3),
    });
    // 1.96 * 0.02 = 0.0392; 2,000 draws leave the ends uncertain by about 0.02 / sqrt(2000) * 2.7 = 0.0012.
    expect(Math.abs(rate.low - (0.8 - 0.0392))).toBeLessThan(0.005);
    expect(Math.abs(rate.high - (0.8 + 0.0392))).toBeLessThan(0.005);
  });

  it("covers a known answer about as often as it says, where resampling items would not", () => {
    // Mean hit rate of the made-up patients is 0.4 + 0.5 / 2 = 0.65 for both kinds of item; 200 worlds, 40 patients each.
    let covered = 0;
    const worlds = 200;
    for (let world = 0; world < worlds; world++) {
      const patients = madeUpPatients(40, 20, new Streams(1000 + world));
      const { average } = patientBootstrap({
        sets: [patients],
        metrics: ({ counts }) => ({
          average: (counts[0]![0]! + counts[1]![1]!) / counts.flat().reduce((a, b) => a + b),
        }),
        streams: new Streams(world),
        draws: 400,
      });
      if (average.low <= 0.65 && 0.65 <= average.high) covered++;
    }
    // Binomial spread of the count is 3 worlds at 95 %; percentile intervals of 40 clusters run a little short.
    expect(covered / worlds).toBeGreaterThan(0.88);
    expect(covered / worlds).toBeLessThan(0.99);
  });

  it("counts draws that hold no item of a kind", () => {
    const patients = [
      { patient: "a", matrix: confusionOf(labels, [0, 0], [0, 1]) },
      { patient: "b", matrix: confusionOf(labels, [1], [1]) },
    ];
    const { score, sp } = sprSoundIntervals([patients], 1, new Streams(4), 2000);
    // A draw of two from two is one patient twice in half of the cases; only "b, b" (a quarter) lacks Normal items.
    expect(Math.abs(score.degenerate / 2000 - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(sp.degenerate / 2000 - 0.25)).toBeLessThan(0.05);
    expect([sp.low, sp.high]).toEqual([0.5, 0.5]);
  });

  it("groups by patient whatever the order of the items", () => {
    const forward = confusionByPatient(labels, ["b", "a", "b"], [0, 1, 1], [0, 0, 1]);
    const backward = confusionByPatient(labels, ["b", "a", "b"].reverse(), [1, 1, 0], [1, 0, 0]);
    expect(forward).toEqual(backward);
    expect(forward.map(({ patient }) => patient)).toEqual(["a", "b"]);
  });

  it("refuses sets that cannot be resampled apart", () => {
    expect(() => sprSoundIntervals([inter, inter], 1, new Streams(1))).toThrow("patient inter0 is listed twice");
    expect(() => sprSoundIntervals([[]], 1, new Streams(1))).toThrow("no patients");
    expect(() => confusionByPatient(labels, ["a"], [0, 1], [0, 1])).toThrow("equally many");
  });

  it("takes quantiles as NumPy does", () => {
    // np.quantile([1, 2, 4, 8], [0.025, 0.5, 0.9])
    expect([0.025, 0.5, 0.9].map((share) => quantile([1, 2, 4, 8], share))).toEqual([
      expect.closeTo(1.075, 12),
      3,
      expect.closeTo(6.8, 12),
    ]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
