/** Tables as danfojs data frames: made from rows, shown in a cell, written as CSV. */
import { createRequire } from "node:module";
import path from "node:path";
import type { DataFrame } from "danfojs-node";
import { writeFileAtomic } from "../node/atomicFile.js";
import { projectRoot } from "../node/paths.js";
import { type CsvCell, csvText } from "../suite/csv.js";
import { nearest } from "../suite/nearest.js";
import { UserError } from "../userError.js";
import { show } from "./display.js";
import { type TableContent, type TableOptions, tableForms } from "./tableForms.js";

/** One row of a table: its values by column. */
export type Row = Readonly<Record<string, unknown>>;

/** What can be shown and written: a danfojs data frame, or rows. */
export type TableLike = DataFrame | readonly Row[];

/** What danfojs calls its own fields; a column of such a name would break the data frame. */
const RESERVED = ["values", "shape", "columns", "index", "$data", "$columns"];

/**
 * A danfojs data frame of rows. The columns are those of all rows, in order of first appearance; where a row lacks one, the
 * value is missing (undefined). The first call loads danfojs, which takes some seconds.
 * @param columns which of them, in which order; all unless given
 * Throws `UserError` for what is no row, for a column that no row has and for names that danfojs keeps for itself.
 */
export function table(rows: readonly Row[], columns?: readonly string[]): DataFrame {
  const content = contentOf(rows, columns);
  const reserved = content.columns.find((name) => RESERVED.includes(name));
  if (reserved !== undefined)
    throw new UserError(`A data frame cannot have a column "${reserved}": danfojs uses that name. Call it otherwise.`);
  const require = createRequire(path.join(projectRoot(), "package.json"));
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  return new danfo.DataFrame(content.rows as unknown[][], { columns: [...content.columns] });
}

/**
 * Shows a table in the cell's output: numbers to the right with as many digits as help, units in the headers, long tables
 * shortened with the number of rows. In other programs' output it is text.
 * Throws `UserError` outside of a notebook and for a column that is not there.
 */
export function showTable(source: TableLike, options: TableOptions = {}): void {
  const { html, text } = tableForms(contentOf(source, options.columns), options);
  show({ "text/html": html, "text/plain": text });
}

/**
 * Writes a table as CSV (RFC 4180, UTF-8, the columns' names first), numbers in full: NaN as "NaN", what is missing as
 * nothing. Names of rows are left out. Throws what the file system throws.
 */
export function toCsv(source: TableLike, file: string): void {
  const { columns, rows } = contentOf(source);
  const cell = (value: unknown): CsvCell => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number") return String(value);
    if (value instanceof Date) return value.toISOString();
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  writeFileAtomic(
    path.resolve(file),
    csvText(
      columns,
      rows.map((row) => row.map(cell)),
    ),
  );
}

/** Columns and values of a data frame or of rows; of a data frame its row names too, where they are more than 0, 1, 2 ... */
function contentOf(source: TableLike, columns?: readonly string[]): TableContent {
  const all = Array.isArray(source) ? contentOfRows(source) : contentOfFrame(source as DataFrame);
  if (!columns) return all;
  const places = columns.map((name) => {
    const at = all.columns.indexOf(name);
    if (at >= 0) return at;
    throw new UserError(
      `This table has no column "${name}"${nearest(name, all.columns)}. It has: ${all.columns.join(", ")}.`,
    );
  });
  return { ...all, columns, rows: all.rows.map((row) => places.map((at) => row[at])) };
}

function contentOfRows(rows: readonly Row[]): TableContent {
  rows.forEach((row, at) => {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw new UserError(
        `Row ${at} of the table is ${JSON.stringify(row)}; a row is an object: { name: value, ... }.`,
      );
  });
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, rows: rows.map((row) => columns.map((name) => row[name])) };
}

function contentOfFrame(frame: DataFrame): TableContent {
  if (!Array.isArray(frame?.columns) || !Array.isArray(frame.values))
    throw new UserError("A table is a danfojs DataFrame, or an array of rows: [{ name: value, ... }, ...].");
  const { columns, index } = frame;
  const counted = index.every((name, at) => name === at);
  return { columns, rows: frame.values as unknown[][], ...(counted ? {} : { index }) };
}
