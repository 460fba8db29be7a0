import { loadedOnce } from "../../papers/loadedOnce.js";
import type { RunRequest, TunedSettings } from "../../papers/paper.js";
import type { ExperimentRow } from "../entry.js";
import type { RunSummary } from "../reporting/summaryLine.js";
import { allSummaries } from "../summaries.js";

/**
 * What finished searches found for a row that is tuned by one: of the same task, protocol and preset, made here or committed, with no settings of their own; first those of
 * its own profile, then those that tried most.
 */
export function tunedSettings(
  request: RunRequest,
  { experiment, row, settings }: NonNullable<ExperimentRow["tunedBy"]>,
  finished: readonly RunSummary[] = loadedOnce(["finished runs"], () => allSummaries(() => {})),
): TunedSettings[] {
  const { task, protocol, preset, profile } = request;
  return finished
    .filter(({ request: of, result }) => {
      const isIts = of.experiment === experiment && of.row === row && result.search?.best !== undefined;
      return isIts && of.task === task && of.protocol === protocol && of.preset === preset && !of.set;
    })
    .sort(
      (a, b) => Number(b.request.profile === profile) - Number(a.request.profile === profile) || tried(b) - tried(a),
    )
    .map(({ runId, data, reduced, result }) => {
      const { trials, best } = result.search!;
      const { values } = trials.find(({ number }) => number === best)!;
      const own = Object.entries(settings).map(([searched, name]) => [name, values[searched]!] as const);
      return { run: runId, data: data.digest, set: Object.fromEntries(own), ...(reduced && { reduced }) };
    });
}

/** Epochs of all trials. */
function tried({ result }: RunSummary): number {
  return result.search!.trials.reduce((sum, { reports }) => sum + reports.length, 0);
}
