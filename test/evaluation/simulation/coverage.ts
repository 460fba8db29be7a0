import { clusteredEstimate } from "../../../src/evaluation/clusteredEstimate.js";
import type { ConfusionMatrix } from "../../../src/evaluation/confusion.js";
import { sumConfusions } from "../../../src/evaluation/confusion.js";
import { randomisationTest } from "../../../src/evaluation/randomisationTest.js";
import { contributionCorrelation, smallestDetectable } from "../../../src/evaluation/smallestDetectable.js";
import { Streams } from "../../../src/random/streams.js";
import type { PatientSize } from "./testSets.js";
import { drawPair, drawRuns, type Metric, scoresOf, truthOf, type World } from "./world.js";

const metrics = ({ counts: [normal, abnormal] }: ConfusionMatrix) =>
  scoresOf(abnormal![1]! / (abnormal![0]! + abnormal![1]!), normal![0]! / (normal![0]! + normal![1]!));
const names: readonly Metric[] = ["se", "sp", "icbhi", "sprsound"];

/** Share of data sets whose interval holds the truth, and the mean width. */
export interface Coverage {
  covered: Record<Metric, number>;
  width: Record<Metric, number>;
}

export interface CoverageQuestion {
  sizes: readonly PatientSize[];
  world: World;
  seeds: number;
  dataSets: number;
  draws?: number;
}

/** How often the 95 % interval over patients and seeds holds the truth, and how often one that takes items for independent. */
export function measureCoverage({ sizes, world, seeds, dataSets, draws = 2000 }: CoverageQuestion) {
  const truth = truthOf(world);
  const clustered = noCoverage();
  const itemWise = noCoverage();
  for (let k = 0; k < dataSets; k++) {
    const runs = drawRuns(sizes, world, seeds, new Streams(k));
    const estimates = clusteredEstimate({ runs: runs.map((run) => [run]), metrics, streams: new Streams(k), draws });
    const naive = runs.map((run) => itemWiseInterval(sumConfusions(run.map(({ matrix }) => matrix))));
    for (const name of names) {
      count(clustered, name, estimates[name], truth[name], dataSets);
      const mean = (bound: "low" | "high") => naive.reduce((sum, one) => sum + one[name][bound], 0) / runs.length;
      count(itemWise, name, { low: mean("low"), high: mean("high") }, truth[name], dataSets);
    }
  }
  return { clustered, itemWise };
}

/** Share of data sets in which the randomisation test at 5 % tells two rows apart whose Se and Sp differ by `difference`. */
export function measureRejections(question: {
  sizes: readonly PatientSize[];
  world: World;
  difference: number;
  dataSets: number;
  draws?: number;
}): Record<Metric, number> {
  const { sizes, world, difference, dataSets, draws = 999 } = question;
  const rejected = { se: 0, sp: 0, icbhi: 0, sprsound: 0 };
  for (let k = 0; k < dataSets; k++) {
    const { first, second } = drawPair(sizes, world, difference, new Streams(k));
    const test = randomisationTest({
      first: [[first]],
      second: [[second]],
      metrics,
      streams: new Streams(k),
      draws,
      bootstrapDraws: 1,
    });
    for (const name of names) if (test[name].p <= 0.05) rejected[name] += 1 / dataSets;
  }
  return rejected;
}

/** Smallest detectable difference of two such rows: the median over simulated test sets, [metrics]. */
export function typicalSmallestDetectable(
  sizes: readonly PatientSize[],
  world: World,
  correlation: number,
  dataSets: number,
): Record<Metric, number> {
  const all = Array.from({ length: dataSets }, (_, k) => {
    const { first } = drawPair(sizes, world, 0, new Streams(k));
    return smallestDetectable({ runs: [[first]], metrics, correlation });
  });
  const middle = (name: Metric) => all.map((one) => one[name].difference).sort((a, b) => a - b)[dataSets >> 1]!;
  return { se: middle("se"), sp: middle("sp"), icbhi: middle("icbhi"), sprsound: middle("sprsound") };
}

/** Mean correlation of the patients' contributions to the ICBHI Score between two such rows. */
export function typicalCorrelation(sizes: readonly PatientSize[], world: World, dataSets: number): number {
  let sum = 0;
  for (let k = 0; k < dataSets; k++) {
    const { first, second } = drawPair(sizes, world, 0, new Streams(k));
    sum += contributionCorrelation([[first]], [[second]], metrics).icbhi;
  }
  return sum / dataSets;
}

/** Normal approximation with items as if independent; scores by the delta method. */
function itemWiseInterval({ counts }: ConfusionMatrix): Record<Metric, { low: number; high: number }> {
  const [normal, abnormal] = counts.map((row) => row[0]! + row[1]!);
  const sp = counts[0]![0]! / normal!;
  const se = counts[1]![1]! / abnormal!;
  const varianceOfSp = (sp * (1 - sp)) / normal!;
  const varianceOfSe = (se * (1 - se)) / abnormal!;
  // AS weighs Se and Sp by 1/2; HS has the derivatives 2 Sp^2 / (Se + Sp)^2 and 2 Se^2 / (Se + Sp)^2.
  const bySe = 1 / 4 + (sp / (se + sp)) ** 2;
  const bySp = 1 / 4 + (se / (se + sp)) ** 2;
  const variances = {
    se: varianceOfSe,
    sp: varianceOfSp,
    icbhi: (varianceOfSe + varianceOfSp) / 4,
    sprsound: bySe ** 2 * varianceOfSe + bySp ** 2 * varianceOfSp,
  };
  const means = scoresOf(se, sp);
  const interval = (name: Metric) => {
    const half = 1.959964 * Math.sqrt(variances[name]);
    return { low: means[name] - half, high: means[name] + half };
  };
  return { se: interval("se"), sp: interval("sp"), icbhi: interval("icbhi"), sprsound: interval("sprsound") };
}

function noCoverage(): Coverage {
  return { covered: { se: 0, sp: 0, icbhi: 0, sprsound: 0 }, width: { se: 0, sp: 0, icbhi: 0, sprsound: 0 } };
}

function count(into: Coverage, name: Metric, interval: { low: number; high: number }, truth: number, of: number): void {
  if (interval.low <= truth && truth <= interval.high) into.covered[name] += 1 / of;
  into.width[name] += (interval.high - interval.low) / of;
}
