/**
 * Prints the tables of `docs/statistics.md`: `npx tsx test/evaluation/simulation/run.ts [data sets]` (1,000 unless said
 * otherwise; several minutes).
 */
import { measureCoverage, measureRejections } from "./coverage.js";
import { icbhiOfficialTest, sprSoundInter, sprSoundIntra } from "./testSets.js";
import type { Metric } from "./world.js";

const dataSets = Number(process.argv[2] ?? 1000);
const testSets = { "ICBHI official test": icbhiOfficialTest, "SPRSound inter": sprSoundInter, "SPRSound intra": sprSoundIntra }; // biome-ignore format: one line
const worlds = [
  { se: 0.4, sp: 0.75, icc: 0.1 },
  { se: 0.4, sp: 0.75, icc: 0.3 },
  { se: 0.85, sp: 0.9, icc: 0.2 },
];
const names: readonly Metric[] = ["se", "sp", "icbhi", "sprsound"];
const percent = (values: Record<Metric, number>) => names.map((name) => (100 * values[name]).toFixed(1)).join(" | ");

console.log("| test set | Se, Sp, correlation | seeds | Se | Sp | Score (ICBHI) | Score (SPRSound) | item-wise |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const [title, sizes] of Object.entries(testSets)) {
  const questions = [
    ...worlds.map((world) => ({ world, seeds: 1 })),
    ...[2, 3, 5].map((seeds) => ({ world: { ...worlds[0]!, seedShare: 0.15 }, seeds })),
  ];
  for (const { world, seeds } of questions) {
    if (seeds > 1 && sizes === sprSoundIntra) continue;
    const { clustered, itemWise } = measureCoverage({ sizes, world, seeds, dataSets });
    const scores = [itemWise.covered.icbhi, itemWise.covered.sprsound].map((share) => (100 * share).toFixed(0));
    console.log(`| ${title} | ${world.se}, ${world.sp}, ${world.icc} | ${seeds} | ${percent(clustered.covered)} | ${scores.join(" and ")} |`); // biome-ignore format: one line
  }
}

console.log("\n| test set | true difference | Se | Sp | Score (ICBHI) | Score (SPRSound) |");
console.log("| --- | --- | --- | --- | --- | --- |");
for (const [title, sizes] of Object.entries(testSets)) {
  for (const difference of [0, 0.05, 0.1]) {
    const rejected = measureRejections({ sizes, world: worlds[0]!, difference, dataSets });
    console.log(`| ${title} | ${(100 * difference).toFixed(0)} points | ${percent(rejected)} |`);
  }
}
