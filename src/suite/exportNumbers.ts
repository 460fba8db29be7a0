import { UserError } from "../userError.js";
import { exportCounts } from "./counting/exportCounts.js";
import { exportResults } from "./exportResults.js";
import { allExperiments, findExperiment } from "./registry.js";
import { ownRecords } from "./runRecord.js";

/**
 * Writes what `results export` exports: counts of data set tables, and numbers of finished runs. Answers the files, relative to the
 * project.
 * @param ids entries; none: all
 * @throws UserError for an unknown id, and where there is nothing to export
 */
export async function exportNumbers(
  ids: readonly string[],
  dataDir: string,
  warn: (message: string) => void,
): Promise<string[]> {
  const entries = ids.length === 0 ? await allExperiments() : await Promise.all(ids.map(findExperiment));
  const tables = entries.filter(({ kind }) => kind === "dataset");
  const counts = exportCounts(tables, dataDir);
  const records = ownRecords(warn).filter(({ data }) => !data.madeUp);
  if (ids.length === 0)
    return [...counts, ...(counts.length > 0 && records.length === 0 ? [] : exportResults(records, []))];
  const trained = entries.filter(({ kind }) => kind !== "dataset").map(({ id }) => id);
  if (tables.length > 0 && counts.length === 0) {
    const names = tables.map(({ id }) => id).join(", ");
    throw new UserError(`nothing was counted of ${names}: \`npx auscult show ${tables[0]!.id}\` says why`);
  }
  return [...counts, ...(trained.length > 0 ? exportResults(records, trained) : [])];
}
