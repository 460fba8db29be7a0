/** A printed number that contradicts other print, or the count behind it. */
export interface Flag {
  /** Row and column key of the entry's printed cell. */
  row: string;
  column: string;
  /** What is printed there, in the column's unit. */
  printed: number;
  /** What follows from the other print or from the count, in the same unit, unrounded. */
  found: number;
  /**
   * "rounding": off by one unit of the last printed place; "truncation": the cut instead of the rounded number; "bin edge": a count
   * that agrees when items on the edge of a bin move to its neighbour; "error": anything else.
   */
  kind: "rounding" | "truncation" | "bin edge" | "error";
  /** In one sentence: which numbers it was compared with. */
  says: string;
}
