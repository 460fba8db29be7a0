import type { ExperimentEntry } from "../entry.js";
import { homeOf } from "../planning/expand.js";

/** Names the row whose runs fill each row of an entry, for rows that runs fill at all; the same name for the same runs. */
export function filledBy(
  entry: ExperimentEntry,
  entries: ReadonlyMap<string, ExperimentEntry>,
): (string | undefined)[] {
  return entry.rows.map((row) => {
    if (row.state !== "built" && row.state !== "not built") return undefined;
    const { experiment, row: name } = homeOf(entry, row, entries);
    return nameOfRow(experiment, name);
  });
}

export function nameOfRow(experiment: string, row: string): string {
  return JSON.stringify([experiment, row]);
}
