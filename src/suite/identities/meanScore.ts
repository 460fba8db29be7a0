import type { Flag } from "../flag.js";
import type { PrintedCell } from "./printedCell.js";
import { recompute } from "./recompute.js";
import { sameButMetric } from "./sameButMetric.js";

/** Score = (Sp + Se) / 2, of the same row, task and split (papers.md 0.3). */
export function meanScore(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((score) => {
    if (score.measure.metric !== "score" || score.measure.minus) return [];
    const sp = sameButMetric(cells, score, "sp");
    const se = sameButMetric(cells, score, "se");
    if (!sp || !se) return [];
    return recompute(score, [sp, se], ([a, b]) => (a! + b!) / 2, "mean") ?? [];
  });
}
