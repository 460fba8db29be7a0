import type { FeatureBenchResult } from "./benchFeatures.js";

/** Results for people: how many times as fast first, since times belong to this machine at this moment. */
export function featureBenchText(results: readonly FeatureBenchResult[]): string {
  const lines: string[] = [];
  for (const name of new Set(results.map((result) => result.name))) {
    const these = results.filter((result) => result.name === name);
    lines.push(name, `  ours: ${milliseconds(these[0]!.ours)} a clip`);
    for (const { against, reference, ratio, low, high, rounds, versions } of these) {
      const with_ = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
      lines.push(
        `  ${times(ratio)} (90 % interval ${times(high)} to ${times(low)}, ${rounds} rounds) ${against}: ` +
          `${milliseconds(reference)} a clip${with_.length > 0 ? ` (${with_.join(", ")})` : ""}`,
      );
    }
    lines.push("");
  }
  lines.push("2.0x: ours takes half the time. Median of rounds in which all took turns.");
  return lines.join("\n");
}

/** The inverse of ours over reference. */
function times(ratio: number): string {
  return `${(1 / ratio).toFixed(2)}x`;
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(2)} ms`;
}
