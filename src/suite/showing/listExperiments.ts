import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import { allExperiments } from "../registry.js";
import { allSummaries } from "../summaries.js";
import { filledBy, nameOfRow } from "./filledBy.js";

/** One entry of `auscult list`. */
export interface ListedExperiment {
  id: string;
  paper: string;
  kind: ExperimentEntry["kind"];
  title: string;
  columns: string[];
  rows: ListedRow[];
  cost: ExperimentEntry["cost"];
  fullRun: ExperimentEntry["fullRun"];
  /** Finished runs that fill its rows, each once. */
  runs: number;
  /** "counted": from annotations; "literature": nothing of it is run; "has runs", "no runs", "not built". */
  state: "counted" | "literature" | "has runs" | "no runs" | "not built";
}

export interface ListedRow {
  name: string;
  printed: ExperimentRow["printed"];
  state: ExperimentRow["state"];
  runs: number;
}

/** Every entry of the registry with what was run of it. Damaged records are told to `warn`. */
export async function listExperiments(warn: (message: string) => void): Promise<ListedExperiment[]> {
  const entries = await allExperiments();
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const counts = new Map<string, number>();
  for (const { request } of allSummaries(warn)) {
    const key = nameOfRow(request.experiment, request.row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return entries.map((entry) => listed(entry, byId, counts));
}

function listed(
  entry: ExperimentEntry,
  byId: ReadonlyMap<string, ExperimentEntry>,
  counts: ReadonlyMap<string, number>,
): ListedExperiment {
  const { id, paper, kind, title, cost, fullRun } = entry;
  const homes = filledBy(entry, byId);
  const runsOf = (home: string | undefined) => (home === undefined ? 0 : (counts.get(home) ?? 0));
  const rows = entry.rows.map(({ name, printed, state }, r) => ({ name, printed, state, runs: runsOf(homes[r]) }));
  const runs = [...new Set(homes)].reduce((sum, home) => sum + runsOf(home), 0);
  const columns = entry.columns.map(({ key }) => key);
  return { id, paper, kind, title, columns, rows, cost, fullRun, runs, state: stateOf(entry, runs) };
}

function stateOf({ kind, rows }: ExperimentEntry, runs: number): ListedExperiment["state"] {
  const has = (state: ExperimentRow["state"]) => rows.some((row) => row.state === state);
  if (kind === "dataset") return "counted";
  if (runs > 0) return "has runs";
  if (has("built")) return "no runs";
  return has("not built") ? "not built" : "literature";
}
