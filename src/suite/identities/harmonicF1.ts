import type { Flag } from "../flag.js";
import type { PrintedCell } from "./printedCell.js";
import { recompute } from "./recompute.js";
import { sameButMetric } from "./sameButMetric.js";

/** F1 is the harmonic mean of precision and recall: of one class, or of the two means over the classes where print defines it so. */
export function harmonicF1(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((f1) => {
    if (f1.measure.metric !== "f1" && f1.measure.metric !== "f1OfMacros") return [];
    const precision = sameButMetric(cells, f1, "precision");
    const recall = sameButMetric(cells, f1, "recall");
    if (!precision || !recall) return [];
    return recompute(f1, [precision, recall], ([p, r]) => (2 * p! * r!) / (p! + r!), "harmonic mean") ?? [];
  });
}
