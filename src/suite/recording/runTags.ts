import { engineName } from "../../tensorflow.js";
import type { ExperimentEntry } from "../entry.js";
import type { PlannedRun } from "../plan.js";
import { settingsWords } from "../planning/setOptions.js";
import { revisionTags } from "../revision.js";

/** The tags by which a run is found in the tracker; those of its parent are `groupTags`. */
export function runTags(entry: ExperimentEntry, run: PlannedRun): Record<string, string> {
  const { request, prepared, precision, signature, runId } = run;
  const { task, fold, protocol, preset, profile, seed, set } = request;
  const { data, split, reduced, init } = prepared;
  return {
    ...groupTags(entry, request.row),
    ...{ task, protocol, preset, profile, seed: String(seed), precision, engine: engineName(), signature, runId },
    ...{ data: data.digest, split: split.digest, madeUpSounds: String(data.madeUp) },
    ...revisionTags(),
    ...(fold !== undefined && { fold }),
    ...(set && { set: settingsWords(set) }),
    ...(reduced && { reduced }),
    ...(init && { initialWeights: init.sha256, initialWeightsFile: init.file }),
    // Always there, so that a search can ask for runs without.
    leaks: split.leaks.join(" ") || "none",
    ...(split.partOfData && { partOfData: split.partOfData }),
    ...(split.emptyBand && { emptyBand: split.emptyBand }),
    ...(split.seed !== undefined && { splitSeed: String(split.seed) }),
  };
}

/** What all runs of a row have in common. */
export function groupTags(entry: ExperimentEntry, row: string): Record<string, string> {
  return { paper: entry.paper, experiment: entry.id, row };
}
