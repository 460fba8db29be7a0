/**
 * Prints the tables of `docs/statistics.md`, over 1,000 data sets unless another number is given:
 * `npx tsx test/evaluation/simulation/run.ts coverage|tests [data sets]` (some ten minutes each).
 */
import { measureCoverage, measureRejections } from "./coverage.js";
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

if (part !== "coverage" && part !== "tests") throw new Error("say which: coverage or tests");
(part === "coverage" ? coverage : tests)();
