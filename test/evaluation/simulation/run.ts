/**
 * Prints the tables of `docs/statistics.md`, over 1,000 data sets unless another number is given:
 * `npx tsx test/evaluation/simulation/run.ts coverage|tests|detectable [data sets]` (some ten minutes each).
 */
import { measureCoverage, measureRejections, typicalCorrelation, typicalSmallestDetectable } from "./coverage.js";
import { icbhiOfficialTest, sprSoundInter, sprSoundIntra } from "./testSets.js";
import type { Metric } from "./world.js";

const [, , part, count] = process.argv;
const dataSets = Number(count ?? 1000);
const testSets = {
  "ICBHI official test": icbhiOfficialTest,
  "SPRSound inter": sprSoundInter,
  "SPRSound intra": sprSoundIntra,
};
const usual = { se: 0.4, sp: 0.75, icc: 0.1 };
const worlds = [usual, { se: 0.4, sp: 0.75, icc: 0.3 }, { se: 0.85, sp: 0.9, icc: 0.2 }];
const names: readonly Metric[] = ["se", "sp", "icbhi", "sprsound"];
const percent = (values: Record<Metric, number>) => names.map((name) => (100 * values[name]).toFixed(1)).join(" | ");

function coverage(): void {
  console.log("| test set | Se, Sp, correlation | seeds | Se | Sp | Score (ICBHI) | Score (SPRSound) | item-wise |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const [title, sizes] of Object.entries(testSets)) {
    const questions = worlds.map((world) => ({ world: { ...world, seedShare: 0 }, seeds: 1 }));
    if (sizes === icbhiOfficialTest) {
      for (const seeds of [2, 3, 5]) questions.push({ world: { ...usual, seedShare: 0.15 }, seeds });
    }
    for (const { world, seeds } of questions) {
      const { clustered, itemWise } = measureCoverage({ sizes, world, seeds, dataSets });
      const row = [title, `${world.se}, ${world.sp}, ${world.icc}`, seeds, percent(clustered.covered)];
      console.log(
        `| ${row.join(" | ")} | ${names.map((name) => (100 * itemWise.covered[name]).toFixed(0)).join(", ")} |`,
      );
    }
  }
}

function tests(): void {
  console.log("| test set | true difference | Se | Sp | Score (ICBHI) | Score (SPRSound) |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const [title, sizes] of Object.entries(testSets)) {
    for (const difference of [0, 0.05, 0.1]) {
      const rejected = measureRejections({ sizes, world: usual, difference, dataSets });
      console.log(`| ${title} | ${(100 * difference).toFixed(0)} points | ${percent(rejected)} |`);
    }
  }
}

/** A tenth of the data sets give the differences, a fifth of them the power: both are means. */
function detectable(): void {
  console.log("| test set | from a fixed number | between two rows | correlation of contributions | found |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const [title, sizes] of Object.entries(testSets)) {
    const correlation = typicalCorrelation(sizes, usual, dataSets / 10);
    // At 0.5 a difference of two has the variance of one.
    const one = typicalSmallestDetectable(sizes, usual, 0.5, dataSets / 10).icbhi;
    const two = typicalSmallestDetectable(sizes, usual, correlation, dataSets / 10).icbhi;
    const found = measureRejections({ sizes, world: usual, difference: two, dataSets: dataSets / 5 }).icbhi;
    const points = [one, two].map((difference) => (100 * difference).toFixed(1));
    console.log(`| ${title} | ${points.join(" | ")} | ${correlation.toFixed(2)} | ${(100 * found).toFixed(0)} |`);
  }
}

const parts = { coverage, tests, detectable };
if (!(part! in parts)) throw new Error(`say which: ${Object.keys(parts).join(", ")}`);
parts[part as keyof typeof parts]();
