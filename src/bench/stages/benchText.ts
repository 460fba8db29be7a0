import type { StageBench, StageSide } from "./benchStages.js";

/** What `bench stages` found, in words: ratios first, since times belong to this machine at this moment. */
export function stagesBenchText(results: readonly StageBench[]): string {
  const lines = results.flatMap((one) => [
    `${one.name}: ${one.title}`,
    `  ${one.ratio.toFixed(3)} (90 % interval ${one.low.toFixed(3)} to ${one.high.toFixed(3)}, ${one.rounds} rounds) of ${one.against}`,
    ...sides(one),
    "",
  ]);
  const [first] = results;
  if (first) lines.push(...measuredOn(first));
  return lines.join("\n");
}

function sides({ ours, reference, epoch }: StageBench): string[] {
  return [sideText("ours", ours, epoch.steps), sideText("theirs", reference, epoch.steps)];
}

function sideText(who: string, { seconds, parts, peakMb }: StageSide, steps: number): string {
  const { step, start, evaluation, checkpoint } = parts;
  return (
    `  ${who}: an epoch ${seconds.toFixed(1)} s (${steps} steps of ${(1000 * step).toFixed(0)} ms, evaluation ${evaluation.toFixed(2)} s, ` +
    `beginning and checkpoint ${(start + checkpoint).toFixed(2)} s), peak memory ${peakMb.toFixed(0)} MB`
  );
}

function measuredOn({ task, data, stepsPerRound }: StageBench): string[] {
  const { trainItems, selectItems, frames, madeUp } = data;
  const items = `${trainItems.toLocaleString("en")} training and ${selectItems.toLocaleString("en")} select items of 64x${frames}`;
  return [
    `Task ${task}, ${madeUp ? "made-up sounds" : "SPRSound"}: ${items}. In each round ${stepsPerRound} steps were taken, some select items evaluated and a checkpoint written; an epoch's time is put together from these.`,
    "A ratio below 1 means that ours is faster. Median of rounds in which both took turns; loader workers of PyTorch are not in its memory.",
  ];
}
