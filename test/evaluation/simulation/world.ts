import type { PatientConfusion } from "../../../src/evaluation/confusionByPatient.js";
import { combineSeSp } from "../../../src/evaluation/sprsoundScores.js";
import { drawBeta } from "../../../src/random/gamma.js";
import type { Rng, Streams } from "../../../src/random/streams.js";
import { labels } from "../madeUpPatients.js";
import type { PatientSize } from "./testSets.js";

/** A population of patients and of trainings, with known sensitivity and specificity. */
export interface World {
  se: number;
  sp: number;
  /** Intra-class correlation: how alike the outcomes of one patient's items are. */
  icc: number;
  /**
   * Share of a hit rate that the training seed decides, 0 to 1. It draws Se and Sp apart, as trainings do: the standard
   * deviation of Se between seeds is share * min(se, 1 - se) / sqrt(3), and so for Sp.
   */
  seedShare?: number;
}

export type Metric = "se" | "sp" | "icbhi" | "sprsound";

/** Scores of Se and Sp: the mean of both, and SPRSound's. */
export function scoresOf(se: number, sp: number): Record<Metric, number> {
  const { as, score } = combineSeSp(se, sp);
  return { se, sp, icbhi: as, sprsound: score };
}

/** What is to be covered: the mean over all trainings and all patients. */
export function truthOf({ se, sp, seedShare = 0 }: World): Record<Metric, number> {
  const truth = { se: 0, sp: 0, icbhi: 0, sprsound: 0 };
  const steps = 2000;
  for (let k = 0; k < steps; k++) {
    const shift = (2 * (k + 0.5)) / steps - 1;
    const scores = scoresOf(se + seedShare * shift * room(se), sp - seedShare * shift * room(sp));
    for (const name of Object.keys(truth) as Metric[]) truth[name] += scores[name] / steps;
  }
  return truth;
}

/**
 * A test set of as many patients as `sizes` lists, each with the item numbers of one of them drawn at random, judged after
 * `seeds` trainings: a patient's own hit rates are beta variates, items are Bernoulli. [seeds][patients]
 */
export function drawRuns(sizes: readonly PatientSize[], world: World, seeds: number, streams: Streams) {
  const { se, sp, icc, seedShare = 0 } = world;
  const rng = streams.stream("world");
  const patients = sizes.map(() => ({
    size: sizes[rng.integer(sizes.length)]!,
    se: drawRate(rng, se, icc),
    sp: drawRate(rng, sp, icc),
  }));
  return Array.from({ length: seeds }, () => {
    const shift = seeds === 1 ? 0 : 2 * rng.uniform() - 1;
    return patients.map((patient, p) =>
      judged(
        `${p}`,
        patient.size,
        (1 - seedShare) * patient.se + seedShare * (se + shift * room(se)),
        (1 - seedShare) * patient.sp + seedShare * (sp - shift * room(sp)),
        rng,
      ),
    );
  });
}

/**
 * Two rows on the same test set. Half of a patient's hit rate is common to both rows, half is each row's own; the second row
 * is better by `difference` in Se and in Sp.
 */
export function drawPair(sizes: readonly PatientSize[], { se, sp, icc }: World, difference: number, streams: Streams) {
  const rng = streams.stream("pair");
  const first: PatientConfusion[] = [];
  const second: PatientConfusion[] = [];
  sizes.forEach((_, p) => {
    const size = sizes[rng.integer(sizes.length)]!;
    const common = { se: drawRate(rng, se, icc), sp: drawRate(rng, sp, icc) };
    for (const [row, better] of [
      [first, 0],
      [second, 2 * difference],
    ] as const) {
      const own = { se: drawRate(rng, se + better, icc), sp: drawRate(rng, sp + better, icc) };
      row.push(judged(`${p}`, size, (common.se + own.se) / 2, (common.sp + own.sp) / 2, rng));
    }
  });
  return { first, second };
}

function room(rate: number): number {
  return Math.min(rate, 1 - rate);
}

/** A beta variate of this mean whose Bernoulli outcomes have this intra-class correlation. */
function drawRate(rng: Rng, mean: number, icc: number): number {
  const size = (1 - icc) / icc;
  return drawBeta(rng, mean * size, (1 - mean) * size);
}

function judged(patient: string, { normal, abnormal }: PatientSize, se: number, sp: number, rng: Rng) {
  const hits = (items: number, rate: number) => {
    let count = 0;
    for (let i = 0; i < items; i++) if (rng.uniform() < rate) count++;
    return count;
  };
  const rejected = hits(normal, sp);
  const found = hits(abnormal, se);
  const counts = [
    [rejected, normal - rejected],
    [abnormal - found, found],
  ];
  return { patient, matrix: { labels, counts } };
}
