import { experimentIds, findExperiment } from "./registry.js";
import { allRecords } from "./runRecord.js";

/** One line of `auscult list`. */
export interface ListedExperiment {
  id: string;
  kind: string;
  title: string;
  columns: string[];
  rows: { name: string; printed: Readonly<Record<string, number | null>>; state: string; runs: number }[];
  cost: Record<"smoke" | "quick" | "full", string>;
  /** "has runs", "no runs" or "not built". */
  state: string;
}

/** Every entry of the registry with what was run of it. Damaged records are told to `warn`. */
export async function listExperiments(warn: (message: string) => void): Promise<ListedExperiment[]> {
  const records = allRecords(warn);
  const listed: ListedExperiment[] = [];
  for (const id of experimentIds()) {
    const { kind, title, columns, rows, cost } = await findExperiment(id);
    const counted = rows.map((row) => ({
      ...row,
      runs: records.filter(({ request }) => request.experiment === id && request.row === row.name).length,
    }));
    const built = rows.some((row) => row.state === "built");
    const state = counted.some((row) => row.runs > 0) ? "has runs" : built ? "no runs" : "not built";
    listed.push({ id, kind, title, columns: columns.map((column) => column.key), rows: counted, cost, state });
  }
  return listed;
}
