import type { Flag } from "../flag.js";
import type { PrintedCell } from "./printedCell.js";
import { recompute } from "./recompute.js";

/** A stated average over test sets is the mean of the sets' numbers. */
export function meanOfSets(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((mean) => {
    if (mean.measure.set !== "mean") return [];
    const sets = ["inter", "intra"].map((set) =>
      cells.find(
        (cell) =>
          cell.row === mean.row &&
          cell.measure.set === set &&
          cell.measure.metric === mean.measure.metric &&
          cell.source.task === mean.source.task,
      ),
    );
    if (!sets.every((cell) => cell !== undefined)) return [];
    return recompute(mean, sets, ([a, b]) => (a! + b!) / 2, "mean over the sets") ?? [];
  });
}
