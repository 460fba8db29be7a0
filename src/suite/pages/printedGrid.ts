import type { ExperimentEntry, ExperimentRow } from "../entry.js";
import type { ReportCell } from "../reporting/reportModel.js";
import { columnLabel } from "../reporting/reportTable.js";
import { shownOurs, shownPrinted } from "../reporting/shownNumber.js";
import { type Column, markdownTable, plain } from "./markdown.js";

/** What a row is here, in words. */
const STATES: Record<ExperimentRow["state"], string> = {
  built: "can be run",
  "not built": "not built yet",
  literature: "quoted by the paper",
  counted: "counted",
  "not counted": "only its publisher can count it",
};

/** The printed numbers as tables, rows with the same columns in one, and what the rows are here; an entry without numbers has a list. */
export function printedGrids(entry: ExperimentEntry): string {
  const groups = new Map<string, ExperimentRow[]>();
  for (const row of entry.rows) {
    const key = columnsOf(entry, [row]).join("\n");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  // A column that says the same in each line is a sentence.
  const states = new Set(entry.rows.map(({ state }) => STATES[state]));
  const alike = states.size === 1;
  const grids = [...groups.values()].map((rows) => {
    const keys = columnsOf(entry, rows);
    const columns = entry.columns.filter(({ key }) => keys.includes(key));
    const lines = rows.map((row) => [
      plain(row.name),
      ...columns.map((column) => shownPrinted(row.printed[column.key], column)),
      ...(alike ? [] : [STATES[row.state]]),
    ]);
    return markdownTable(
      [columns.length > 0 ? "printed" : "row", ...columns.map(rightOf), ...(alike ? [] : ["here"])],
      lines,
    );
  });
  return [...grids, ...(alike ? [`Here: ${[...states][0]}.`] : [])].join("\n\n");
}

/**
 * A table that is counted from annotations: a cell where the count is the printed number holds it once, else both. Where it has more
 * columns than rows it is turned, since a page scrolls down.
 */
export function countedGrid(entry: ExperimentEntry, cells: readonly ReportCell[]): string {
  const byPlace = new Map(cells.map((cell) => [`${cell.row}\n${cell.column}`, cell]));
  const at = (row: string, column: string) => {
    const cell = byPlace.get(`${row}\n${column}`);
    return cell ? countedCell(cell) : "";
  };
  const rows = entry.rows.map(({ name }) => name);
  if (entry.columns.length <= rows.length) {
    const lines = rows.map((row) => [plain(row), ...entry.columns.map(({ title }) => at(row, title))]);
    return markdownTable(["", ...entry.columns.map(rightOf)], lines);
  }
  const lines = entry.columns.map((column) => [titleOf(column), ...rows.map((row) => at(row, column.title))]);
  return markdownTable(["", ...rows.map((row) => ({ right: plain(row) }))], lines);
}

function countedCell(cell: ReportCell): string {
  const { printed, ours, verdict } = cell;
  if (!ours) return printed === null ? "–" : `${shownPrinted(printed, cell)} (not counted)`;
  if (verdict === "reproduced") return shownPrinted(printed, cell);
  if (verdict === "not printed") return `(${shownOurs(ours.mean, cell)})`;
  return `**${shownPrinted(printed, cell)}**, counted ${shownOurs(ours.mean, cell)}`;
}

/** The keys of the columns in which one of the rows has a printed place. */
function columnsOf(entry: ExperimentEntry, rows: readonly ExperimentRow[]): string[] {
  return entry.columns.map(({ key }) => key).filter((key) => rows.some(({ printed }) => printed[key] !== undefined));
}

/** "Task 1-1", "Parameters, M". */
function titleOf({ title, unit }: ExperimentEntry["columns"][number]): string {
  return plain(unit === "count" ? title : columnLabel({ column: title, unit }));
}

function rightOf(column: ExperimentEntry["columns"][number]): Column {
  return { right: titleOf(column) };
}
