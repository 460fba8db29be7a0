/** A field of a table; NaN and what is absent stay empty. */
export type CsvCell = string | number | null | undefined;

/** A table as CSV (RFC 4180, lines end with "\n"): the names of the columns first. `rows` are [rows, columns]. */
export function csvText(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  // An empty line would be no row: the one empty field of a row is quoted.
  return [columns, ...rows].map((row) => `${row.map(field).join(",") || '""'}\n`).join("");
}

function field(value: CsvCell): string {
  if (value === null || value === undefined || (typeof value === "number" && Number.isNaN(value))) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
