import { printedPlaces } from "../counting/printed.js";
import type { ExperimentColumn, ExperimentEntry, ExperimentRow, Measure } from "../entry.js";
import { shareOfUnit } from "../printedScore.js";
import { type CellSource, cellMeasure, cellSource } from "../reporting/cellSource.js";

/** A printed number with what it states and to how many places. */
export interface PrintedCell {
  entry: ExperimentEntry;
  row: ExperimentRow;
  column: ExperimentColumn;
  /** In the column's unit. */
  value: number;
  places: number;
  /** Whether other cells of its column have more places: print may have dropped zeros, or digits. */
  short: boolean;
  measure: Measure;
  source: CellSource;
}

/** Every printed number of an entry, row by row. */
export function printedCells(entry: ExperimentEntry): PrintedCell[] {
  return entry.rows.flatMap((row) =>
    entry.columns.flatMap((column) => {
      const value = row.printed[column.key];
      if (value === null || value === undefined) return [];
      const places = printedPlaces(value, column.decimals);
      const short = entry.rows.some((other) => printedPlaces(other.printed[column.key] ?? 0, column.decimals) > places);
      const measure = { metric: "score", ...cellMeasure(row, column) };
      return [{ entry, row, column, value, places, short, measure, source: cellSource(entry, row, column) }];
    }),
  );
}

/** A half-open range of numbers. */
export interface Range {
  from: number;
  to: number;
}

/** The unrounded numbers that print as this one, rounding half up. */
export function rangeOf({ value, places }: { value: number; places: number }): Range {
  const half = 0.5 * 10 ** -places;
  return { from: value - half, to: value + half };
}

/** Whether two ranges share a number. A range of one number is that number. */
export function overlap(a: Range, b: Range): boolean {
  return Math.max(a.from, b.from) < Math.min(a.to, b.to) - 1e-9 || (isPoint(a) && within(a.from, b));
}

const isPoint = ({ from, to }: Range) => to - from < 1e-12;
const within = (x: number, { from, to }: Range) => x > from - 1e-9 && x < to - 1e-9;

/** A cell as a share of 1, with the places that this takes. */
export function asShare(cell: PrintedCell): { value: number; places: number } {
  const scale = shareOfUnit(cell.column.unit) ?? 1;
  return { value: cell.value * scale, places: cell.places + (scale === 0.01 ? 2 : 0) };
}

/** A share of 1 in the cell's unit. */
export function inUnit({ column }: PrintedCell, share: number): number {
  return share / (shareOfUnit(column.unit) ?? 1);
}

/** A number as print has it, such as "0.59" or "33.30". */
export function asPrinted({ value, places }: { value: number; places: number }): string {
  return value.toFixed(places);
}
