import type { CountQuery } from "../entry.js";
import type { Flag } from "../flag.js";

/** One cell of a data set table: what is printed, and what the annotations hold. */
export interface CountedCell {
  row: string;
  column: string;
  /** In the column's unit; null where print leaves a gap or shows a picture only. */
  printed: number | null;
  /** In the column's unit, unrounded; null where nothing was counted, and for a share of nothing. */
  counted: number | null;
  /**
   * "equal" and "differs": at printed precision; "no print": counted, with nothing to hold it against; "made up": counted on made-up
   * sounds, so not held against print; "not counted": `why` says why.
   */
  outcome: "equal" | "differs" | "no print" | "made up" | "not counted";
  /** Where the count is from. */
  from?: "annotations" | "committed results";
  why?: string;
  flag?: Flag;
  /** What was counted. */
  query?: CountQuery;
}

/** A data set that was counted, or of which committed results were. */
export interface CountedDataset {
  name: "icbhi" | "sprsound";
  from: "annotations" | "committed results";
  madeUp: boolean;
  recordings: number;
  /** SHA-256 over names, labels, times, sides and folds, hexadecimal; sounds are not in it. */
  annotationsDigest: string;
}

/** A data set table with its counts, as plain data. */
export interface CountedEntry {
  id: string;
  /** Rows in order, in each its columns in order; a column that a row does not have is left out. */
  cells: CountedCell[];
  /** Those of the cells. */
  flags: Flag[];
  datasets: CountedDataset[];
}
