import type { RunResult } from "../../papers/runResult.js";

/**
 * How much a number gains where the epoch is chosen on the test set: the best Score there minus the mean of the last tenth of the
 * epochs. Undefined where the run did not look at the test set in each epoch. From 0 to 1.
 */
export function optimismOf(best: number | undefined, last: RunResult["lastEpochs"]): number | undefined {
  return best === undefined || last.role !== "test" || !Number.isFinite(last.mean) ? undefined : best - last.mean;
}
