import type { Flag } from "../flag.js";
import { type PrintedCell, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";

/** The shares of a row of a normalised confusion matrix add up to 1. */
export function rowShares(cells: readonly PrintedCell[]): Flag[] {
  const shares = cells.filter(({ measure }) => measure.metric === "rowShare");
  const rows = [...new Set(shares.map(({ row }) => row))];
  return rows.flatMap((row) => {
    const own = shares.filter((cell) => cell.row === row);
    const sum = own.reduce((all, { value }) => all + value, 0);
    if (sum === 0) return [];
    const range = {
      from: own.reduce((all, cell) => all + Math.max(0, rangeOf(cell).from), 0),
      to: own.reduce((all, cell) => all + rangeOf(cell).to, 0),
    };
    if (range.from <= 1 + 1e-9 && range.to >= 1 - 1e-9) return [];
    const largest = own.reduce((a, b) => (b.value > a.value ? b : a));
    const found = largest.value + 1 - sum;
    return [flag(largest, found, kindOf(largest, found), `the row adds up to ${sum.toFixed(2)}`)];
  });
}
