import type { CountQuery, ExperimentColumn, ExperimentEntry, ExperimentRow } from "../entry.js";
import { type CommittedCounts, committedCounts } from "./committedCounts.js";
import type { CountedCell, CountedDataset, CountedEntry } from "./countedEntry.js";
import { CountingData, NotCounted, orNotCounted } from "./countingData.js";
import { countQuery } from "./countQuery.js";
import { inUnit } from "./inUnit.js";
import { judge } from "./judge.js";
import type { OtherRow } from "./judgedCell.js";

/**
 * Counts a data set table cell by cell and holds each count against its printed number.
 * @param dataDir the folder that holds `icbhi/` and `sprsound/`; what is not there is taken from committed results, else not counted
 * @param data the same, where several tables are counted: each data set is then read once
 * @throws Error for an entry with a query that asks for what there is not
 */
export function countEntry(entry: ExperimentEntry, dataDir: string, data = new CountingData(dataDir)): CountedEntry {
  const committed = committedCounts(entry.id);
  const cells = entry.rows.flatMap((row) =>
    entry.columns.flatMap((column) => {
      const printed = row.printed[column.key];
      return printed === undefined ? [] : [countCell(row, column, printed, data, committed)];
    }),
  );
  const judged = cells.map((cell) => judgeCell(cell, cells, entry, data));
  return {
    id: entry.id,
    cells: judged,
    flags: judged.flatMap(({ flag }) => flag ?? []),
    datasets: datasetsOf(judged, data, committed),
  };
}

/** Several tables, each data set read once. */
export function countEntries(entries: readonly ExperimentEntry[], dataDir: string): CountedEntry[] {
  const data = new CountingData(dataDir);
  return entries.map((entry) => countEntry(entry, dataDir, data));
}

/** Count without verdict. */
function countCell(
  row: ExperimentRow,
  column: ExperimentColumn,
  printed: number | null,
  data: CountingData,
  committed: CommittedCounts | NotCounted | undefined,
): CountedCell {
  const cell = { row: row.name, column: column.key, printed, counted: null, outcome: "not counted" } as const;
  if (row.state !== "counted") return { ...cell, why: "not counted: only its publisher can state it" };
  const query: CountQuery = { ...column.count, ...row.count };
  const found = orNotCounted(() => countQuery(query, data));
  if (!(found instanceof NotCounted)) {
    const counted = found === null ? null : inUnit(found, query, column.unit);
    return { ...cell, counted, outcome: isMadeUp(query, data) ? "made up" : "no print", from: "annotations", query };
  }
  const notHere = `not counted here: ${found.message}`;
  if (committed instanceof NotCounted) return { ...cell, why: `${notHere}; ${committed.message}`, query };
  const kept = committed?.cell(row.name, column.key, query);
  if (!kept) return { ...cell, why: notHere, query };
  const why = `counted from committed results; here: ${found.message}`;
  const { counted } = kept;
  const read = { ...cell, counted, outcome: "no print", from: "committed results", why, query } as const;
  if (!kept.flag || kept.printed !== printed || counted === null || printed === null) return read;
  return { ...read, flag: { row: row.name, column: column.key, printed, found: counted, ...kept.flag } };
}

function isMadeUp({ dataset }: CountQuery, data: CountingData): boolean {
  return dataset === "sprsound" ? data.sprsound().data.madeUp : data.icbhi().data.madeUp;
}

/** Held against print, and against the counts of the rows beside it. */
function judgeCell(
  cell: CountedCell,
  cells: readonly CountedCell[],
  entry: ExperimentEntry,
  data: CountingData,
): CountedCell {
  const { printed, counted, query, outcome } = cell;
  if (outcome !== "no print" || printed === null || counted === null || !query) return cell;
  const column = entry.columns.find(({ key }) => key === cell.column)!;
  const others: OtherRow[] = cells.filter((other) => other.column === cell.column && other.row !== cell.row);
  const flag = cell.flag ?? judge({ row: cell.row, column, printed, counted, query, others }, data);
  return flag ? { ...cell, outcome: "differs", flag } : { ...cell, outcome: "equal" };
}

function datasetsOf(
  cells: readonly CountedCell[],
  data: CountingData,
  committed: CommittedCounts | NotCounted | undefined,
): CountedDataset[] {
  return (["icbhi", "sprsound"] as const).flatMap((name) => {
    const own = cells.filter(({ query }) => query && (query.dataset ?? "icbhi") === name);
    if (own.some(({ from }) => from === "annotations")) {
      const { data: read, digest } = data[name]();
      const { madeUp, recordings } = read;
      return [{ name, from: "annotations", madeUp, recordings: recordings.length, annotationsDigest: digest } as const];
    }
    if (!own.some(({ from }) => from === "committed results") || !committed || committed instanceof NotCounted)
      return [];
    return committed.datasets.filter((dataset) => dataset.name === name);
  });
}
