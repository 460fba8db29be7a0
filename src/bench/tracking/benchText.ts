import type { TrackingBench } from "./benchTracking.js";

/** What `bench tracking` found, in words. */
export function trackingBenchText(results: readonly TrackingBench[]): string {
  const [first] = results;
  if (!first) return "";
  const rate = ({ pointsPerSecond, seconds }: TrackingBench["ours"]) =>
    `${Math.round(pointsPerSecond).toLocaleString("en")} points/s (${seconds.toFixed(1)} s)`;
  return [
    `Metric points to one local server, ${first.points.toLocaleString("en")} of each writer`,
    `  ${first.against}: ${rate(first.reference)}`,
    ...results.map(
      ({ name, ours, ratio, low, high, rounds }) =>
        `  ${name}: ${rate(ours)}; time for a point ${ratio.toFixed(3)} of that (90 % interval ${low.toFixed(3)} to ${high.toFixed(3)}, ${rounds} rounds)`,
    ),
    "From the first point until the server has acknowledged the last, of all writers; that runs are begun is not counted.",
  ].join("\n");
}
