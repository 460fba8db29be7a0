import type { PredictBench } from "./benchPredict.js";

/** What `bench predict` found, in words. */
export function predictBenchText(results: readonly PredictBench[]): string {
  const [first] = results;
  if (!first) return "";
  const { name, files, madeUp, ours } = first;
  return [
    `${name}, ${files} files of ${madeUp ? "made-up sounds" : "the inter set"}`,
    `  ours: ${side(ours)}`,
    ...results.map(
      ({ ratio, low, high, rounds, against, reference }) =>
        `  ${ratio.toFixed(3)} (90 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, ${rounds} rounds) of ${against}: ${side(reference)}`,
    ),
    "A ratio below 1 means that ours is faster. Start-up apart; ours with its look at each file before the first is classified.",
  ].join("\n");
}

function side({ seconds, peakMb }: PredictBench["ours"]): string {
  return `${(1000 * seconds).toFixed(1)} ms a file, peak memory ${peakMb.toFixed(0)} MB`;
}
