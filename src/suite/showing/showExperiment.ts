import type { Ambiguity } from "../../../experiments/ambiguities.js";
import type { CountedEntry } from "../counting/countedEntry.js";
import type { ExperimentEntry } from "../entry.js";
import type { Flag } from "../flag.js";
import { flagsOf } from "../identities/flagsOf.js";
import { readPrint } from "../identities/print.js";
import { allExperiments, decidedAmbiguities, findExperiment } from "../registry.js";
import type { RunSummary } from "../reporting/summaryLine.js";
import { allSummaries } from "../summaries.js";
import { filledBy, nameOfRow } from "./filledBy.js";

/** One entry with all that is known of it. */
export interface ShownExperiment {
  entry: ExperimentEntry;
  /** Found by arithmetic, or of a data set table by counting. */
  found: readonly Flag[];
  decisions: readonly Ambiguity[];
  /** Of a data set table. */
  counted?: CountedEntry;
  /** Finished runs that fill its rows. */
  runs: readonly RunSummary[];
}

/**
 * @param dataDir the folder that holds the data sets, for tables that are counted
 * @param warn is told of damaged records
 * @throws UserError with the nearest names for an id that is not there
 */
export async function showExperiment(
  id: string,
  dataDir: string,
  warn: (message: string) => void,
): Promise<ShownExperiment> {
  const entry = await findExperiment(id);
  const entries = await allExperiments();
  const decisions = (await decidedAmbiguities()).filter(({ number }) => entry.ambiguities.includes(number));
  const runs = runsOf(entry, entries, warn);
  if (entry.kind !== "dataset") return { entry, found: flagsOf(id, readPrint(entries)), decisions, runs };
  const { countEntry } = await import("../counting/countEntry.js");
  const counted = countEntry(entry, dataDir);
  return { entry, found: counted.flags, decisions, counted, runs };
}

function runsOf(entry: ExperimentEntry, entries: readonly ExperimentEntry[], warn: (message: string) => void) {
  const byId = new Map(entries.map((one) => [one.id, one]));
  const rows = new Set(filledBy(entry, byId));
  return allSummaries(warn).filter(({ request }) => rows.has(nameOfRow(request.experiment, request.row)));
}
