import type { PrintedCell } from "./printedCell.js";

/** The cell of the same row that states another metric of the same runs, classes and sets. */
export function sameButMetric(
  cells: readonly PrintedCell[],
  { row, measure, source }: PrintedCell,
  metric: string,
): PrintedCell | undefined {
  const wanted = JSON.stringify({ ...measure, metric });
  return cells.find(
    (other) =>
      other.row === row &&
      JSON.stringify({ ...other.measure, metric: other.measure.metric }) === wanted &&
      other.source.task === source.task &&
      other.source.fold === source.fold,
  );
}
