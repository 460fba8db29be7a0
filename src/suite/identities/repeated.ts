import type { Flag } from "../flag.js";
import type { Print } from "./print.js";
import { asPrinted, asShare, inUnit, overlap, type PrintedCell, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";

/**
 * A number that print states more than once has to be the same each time: cells that stand on the same runs, and cells that a row says
 * to repeat. A lower bound has to lie below the number.
 */
export function repeated(cells: readonly PrintedCell[], print: Print): Flag[] {
  return cells.flatMap((cell) => {
    const same = print.byNumber.get(print.numberOf(cell) ?? "") ?? [];
    const off = [...quoted(cell, print), ...same].find((other) => other !== cell && !agrees(cell, other));
    if (!off) return [];
    const found = inUnit(cell, asShare(off).value);
    const where = off.entry === cell.entry ? `row "${off.row.name}"` : `${off.entry.id}, row "${off.row.name}",`;
    return [flag(cell, found, kindOf(cell, found), `${where} prints ${asPrinted(off)}`)];
  });
}

function agrees(cell: PrintedCell, other: PrintedCell): boolean {
  const [a, b] = [asShare(cell), asShare(other)];
  if (cell.measure.atLeast && !other.measure.atLeast) return b.value >= a.value;
  // Told at the bound.
  if (other.measure.atLeast && !cell.measure.atLeast) return true;
  return overlap(rangeOf(a), rangeOf(b));
}

/** The cells that a row says to repeat. */
function quoted(cell: PrintedCell, print: Print): PrintedCell[] {
  return (cell.row.repeats ?? []).flatMap(({ experiment, row, columns }) => {
    const key = columns[cell.column.key];
    const there = print.cells.get(experiment) ?? [];
    return there.filter((other) => key !== undefined && other.row.name === row && other.column.key === key);
  });
}
