import type { Flag } from "../flag.js";
import { asShare, inUnit, type PrintedCell, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";

/** Accuracy, Sp, Se and Score are those of the printed confusion matrix, where an entry prints a whole one. */
export function countedMatrix(cells: readonly PrintedCell[]): Flag[] {
  const counts = cells.filter(({ measure }) => measure.metric === "count" && measure.class && measure.predicted);
  const classes = [...new Set(counts.map(({ measure }) => measure.class!))];
  if (!classes.includes("Normal") || counts.length !== classes.length ** 2) return [];
  const sum = (some: readonly PrintedCell[]) => some.reduce((all, { value }) => all + value, 0);
  const hits = counts.filter(({ measure }) => measure.class === measure.predicted);
  const normal = (cell: PrintedCell) => cell.measure.class === "Normal";
  const sp = sum(hits.filter(normal)) / sum(counts.filter(normal));
  const se = sum(hits.filter((cell) => !normal(cell))) / sum(counts.filter((cell) => !normal(cell)));
  const found: Readonly<Record<string, number>> = {
    accuracy: sum(hits) / sum(counts),
    sp,
    se,
    score: (sp + se) / 2,
  };
  return cells.flatMap((cell) => {
    const value = found[cell.measure.metric ?? ""];
    if (value === undefined || cell.measure.class) return [];
    const { from, to } = rangeOf(asShare(cell));
    if (value > from - 1e-9 && value < to + 1e-9) return [];
    const right = inUnit(cell, value);
    return [flag(cell, right, kindOf(cell, right), "follows from the printed confusion matrix")];
  });
}
