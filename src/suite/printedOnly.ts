import type { ReportCell } from "./reportModel.js";

/** The cells without a number of ours, as a table: one line per row, the printed numbers by column. */
export interface PrintedOnly {
  columns: string[];
  rows: { name: string; why: string; printed: (number | null)[] }[];
}

export function printedOnly(cells: readonly ReportCell[]): PrintedOnly {
  const without = cells.filter((cell) => cell.ours === null);
  const columns = [...new Set(without.map((cell) => cell.column))];
  const names = [...new Set(without.map((cell) => cell.row))];
  const rows = names.map((name) => {
    const own = without.filter((cell) => cell.row === name);
    const printed = columns.map((column) => own.find((cell) => cell.column === column)?.printed ?? null);
    return { name, why: [...new Set(own.map((cell) => cell.why || cell.verdict))].join(", "), printed };
  });
  return { columns, rows };
}
