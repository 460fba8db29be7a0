import type { StepBenchResult } from "./benchStep.js";

/** Results for people: ratios first, since times belong to this machine at this moment. */
export function stepBenchText(results: readonly StepBenchResult[]): string {
  const lines: string[] = [];
  for (const name of new Set(results.map((result) => result.name))) {
    const these = results.filter((result) => result.name === name);
    const [first] = these as [StepBenchResult];
    const trace = first.traceMilliseconds === null ? "" : `; traced in ${first.traceMilliseconds.toFixed(0)} ms`;
    lines.push(
      name,
      `  ours: ${milliseconds(first.ours)} a step, ${milliseconds(first.cpuSeconds.ours)} of processor time, peak memory ${first.peakMb.ours.toFixed(0)} MB, ` +
        `${(100 * first.shareOfPeak).toFixed(0)} % of the matrix-product peak${trace}`,
    );
    for (const { against, reference, ratio, low, high, rounds, cpuSeconds, peakMb } of these) {
      lines.push(
        `  ${ratio.toFixed(3)} (90 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, ${rounds} rounds) of ${against}: ` +
          `${milliseconds(reference)} a step, ${milliseconds(cpuSeconds.reference)} of processor time, peak memory ${peakMb.reference.toFixed(0)} MB`,
      );
    }
    lines.push("");
  }
  lines.push("A ratio below 1 means that ours is faster. Median of rounds in which all took turns.");
  return lines.join("\n");
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(0)} ms`;
}
