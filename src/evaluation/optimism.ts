import type { LastEpochs } from "./median.js";

/** The best epoch of a metric; undefined where no epoch has it. */
export function bestEpochOf(perEpoch: readonly number[]): number | undefined {
  const found = perEpoch.filter(Number.isFinite);
  return found.length > 0 ? found.reduce((best, value) => Math.max(best, value)) : undefined;
}

/**
 * How much a number gains where the epoch is chosen on the test set: the best of all epochs minus the mean of the last tenth of them,
 * within one `published` run. Undefined where either was not measured.
 * @param best, last of the same metric on the same test set, as `bestEpochOf` and `lastTenth` give them
 */
export function optimism(best: number | undefined, last: Pick<LastEpochs, "mean">): number | undefined {
  return best !== undefined && Number.isFinite(best) && Number.isFinite(last.mean) ? best - last.mean : undefined;
}

/**
 * How much a number loses under the strict protocol: `published` minus `honest`, of runs that differ in nothing else. It holds the
 * optimism, the patients that were not trained on, and chance. Undefined where either is not there.
 */
export function protocolGap(
  published: number | null | undefined,
  honest: number | null | undefined,
): number | undefined {
  if (typeof published !== "number" || typeof honest !== "number") return undefined;
  return Number.isFinite(published - honest) ? published - honest : undefined;
}
