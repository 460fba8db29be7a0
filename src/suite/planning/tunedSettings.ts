import { canonicalJson } from "../../features/canonicalJson.js";
import { loadedOnce } from "../../papers/loadedOnce.js";
import type { RunRequest, TunedSettings } from "../../papers/paper.js";
import { withoutShortening } from "../../papers/shortenedRecipe.js";
import type { ExperimentRow } from "../entry.js";
import type { RunSummary } from "../reporting/summaryLine.js";
import { allSummaries } from "../summaries.js";

/**
 * What finished searches found for a row that is tuned by one: of the same task, split, protocol and preset, made here or committed, with the
 * settings of the row's request but for those that shorten a run; first those of its own profile, then those that tried most.
 */
export function tunedSettings(
  request: RunRequest,
  { experiment, row, settings }: NonNullable<ExperimentRow["tunedBy"]>,
  finished: readonly RunSummary[] = loadedOnce(["finished runs"], () => allSummaries(() => {})),
): TunedSettings[] {
  const { task, fold, protocol, preset, profile } = request;
  const asked = settingsBut(request, Object.values(settings));
  return finished
    .filter(({ request: of, result }) => {
      const isIts = of.experiment === experiment && of.row === row && result.search?.best !== undefined;
      const isLike = of.task === task && of.fold === fold && of.protocol === protocol && of.preset === preset;
      return isIts && isLike && settingsBut(of, Object.keys(settings)) === asked;
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

/** Settings that decide what is trained, as text, without those that a search finds. */
function settingsBut({ set }: Pick<RunRequest, "set">, searched: readonly string[]): string {
  const own = Object.entries(withoutShortening(set)).filter(([name]) => !searched.includes(name) && name !== "epochs");
  return canonicalJson(Object.fromEntries(own));
}

/** Epochs of all trials. */
function tried({ result }: RunSummary): number {
  return result.search!.trials.reduce((sum, { reports }) => sum + reports.length, 0);
}
