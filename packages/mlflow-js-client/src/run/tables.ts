import { MlflowValidationError } from "../errors.js";

/** A column's values, or rows as objects. Dates become ISO strings; NaN, infinities and what is missing become null. */
export type TableData = Readonly<Record<string, ArrayLike<unknown>>> | readonly Readonly<Record<string, unknown>>[];

/** What MLflow keeps of a table: pandas' JSON with `orient="split"`, without an index. */
export interface SplitTable {
  columns: string[];
  data: unknown[][];
}

/** The tag that names a run's tables, by which MLflow's pages and `load_table` find them. */
export const loggedArtifactsTag = "mlflow.loggedArtifacts";

function cell(column: string, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol")
    throw new MlflowValidationError(`table column "${column}"`, `a ${typeof value} cannot stand in a table`);
  return value;
}

/** Throws `MlflowValidationError` for columns of unequal length and for values that JSON does not have. */
export function splitTable(data: TableData): SplitTable {
  if (Array.isArray(data)) {
    const rows = data as readonly Readonly<Record<string, unknown>>[];
    for (const [index, row] of rows.entries())
      if (typeof row !== "object" || row === null || Array.isArray(row))
        throw new MlflowValidationError("table", `row ${index} must be an object: a value for each column's name`);
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return { columns, data: rows.map((row) => columns.map((column) => cell(column, row[column]))) };
  }
  const entries = Object.entries(data as Readonly<Record<string, ArrayLike<unknown>>>);
  for (const [column, values] of entries)
    if (typeof values !== "object" || values === null || typeof values.length !== "number")
      throw new MlflowValidationError(`table column "${column}"`, "it must be an array");
  const lengths = new Set(entries.map(([, values]) => values.length));
  if (lengths.size > 1)
    throw new MlflowValidationError(
      "table",
      `its columns have different lengths: ${entries.map(([column, { length }]) => `${column} ${length}`).join(", ")}`,
    );
  const height = entries[0]?.[1].length ?? 0;
  return {
    columns: entries.map(([column]) => column),
    data: Array.from({ length: height }, (_, row) => entries.map(([column, values]) => cell(column, values[row]))),
  };
}

/** The rows of both, the second below the first; a column that one of them lacks is null there. */
export function appendTable(first: SplitTable, second: SplitTable): SplitTable {
  const columns = [...new Set([...first.columns, ...second.columns])];
  const rows = (table: SplitTable): unknown[][] => {
    const at = columns.map((column) => table.columns.indexOf(column));
    return table.data.map((row) => at.map((index) => (index < 0 ? null : row[index])));
  };
  return { columns, data: [...rows(first), ...rows(second)] };
}

/** Throws `MlflowValidationError` for a name that MLflow's `load_table` does not find or read. */
export function checkTableFile(file: string): void {
  if (!file.endsWith(".json")) throw new MlflowValidationError(`table "${file}"`, 'its name must end in ".json"');
  if (/["',:[\]{}]/.test(file))
    throw new MlflowValidationError(
      `table "${file}"`,
      "its name must hold no quotes, commas, colons, brackets or braces",
    );
}
