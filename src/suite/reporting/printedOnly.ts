import type { ReportCell } from "./reportModel.js";

/** The cells without a number of ours, as a table: one line per row, the printed numbers by column. */
export interface PrintedOnly {
  columns: string[];
  /** undefined where the cell has a number of ours, and stands elsewhere. */
  rows: { name: string; why: string; printed: (number | null | undefined)[] }[];
}

/** Nothing where the table has no printed number at all. */
export function printedOnly(cells: readonly ReportCell[]): PrintedOnly {
  if (cells.every(({ printed }) => printed === null)) return { columns: [], rows: [] };
  const without = cells.filter((cell) => cell.ours === null);
  const lacking = new Set(without.map((cell) => cell.column));
  const columns = [...new Set(cells.map((cell) => cell.column))].filter((column) => lacking.has(column));
  const names = [...new Set(without.map((cell) => cell.row))];
  const rows = names.map((name) => {
    const own = without.filter((cell) => cell.row === name);
    const printed = columns.map((column) => own.find((cell) => cell.column === column)?.printed);
    return { name, why: [...new Set(own.map((cell) => cell.why || cell.verdict))].join(", "), printed };
  });
  return { columns, rows };
}
