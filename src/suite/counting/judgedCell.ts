import type { CountQuery, ExperimentColumn } from "../entry.js";

/** A printed number with its count. */
export interface JudgedCell {
  row: string;
  column: ExperimentColumn;
  printed: number;
  /** In the column's unit. */
  counted: number;
  query: CountQuery;
  /** The other rows of the column. */
  others: readonly OtherRow[];
}

/** A row beside the judged one, in the same column and unit. */
export interface OtherRow {
  row: string;
  printed: number | null;
  counted: number | null;
}
