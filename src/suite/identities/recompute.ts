import type { Flag } from "../flag.js";
import { asPrinted, overlap, type PrintedCell, type Range, rangeOf } from "./printedCell.js";

/**
 * Holds a printed number against a formula of other printed numbers. The formula has to hold for some unrounded numbers that print
 * as these; where print is short of places, it has to give the printed number for the numbers as they stand.
 *
 * @param formula rises or falls with each of its arguments throughout
 * @param name what the formula is, such as "the mean of Sp and Se"
 * @returns undefined where print agrees
 */
export function recompute(
  result: PrintedCell,
  inputs: readonly PrintedCell[],
  formula: (values: number[]) => number,
  name: string,
): Flag | undefined {
  const found = formula(inputs.map(({ value }) => value));
  const possible = overlap(rangeOver(inputs.map(rangeOf), formula), rangeOf(result));
  const inDoubt = [result, ...inputs].some(({ short }) => short);
  if (possible && !(inDoubt && roundHalfUp(found, result.places) !== round(result.value))) return undefined;
  const kind = kindOf(result, found);
  const from = inputs.map(asPrinted).join(inputs.length === 2 ? " and " : ", ");
  const but = possible ? "; possible only if these were cut from numbers with more places" : "";
  return flag(result, found, possible && kind === "error" ? "rounding" : kind, `${name} of ${from}${but}`);
}

/** The range of a formula that is monotone in each argument: that of its values at the corners. */
function rangeOver(ranges: readonly Range[], formula: (values: number[]) => number): Range {
  const corners = ranges.reduce<number[][]>(
    (all, { from, to }) =>
      all.flatMap((some) => [
        [...some, from],
        [...some, to],
      ]),
    [[]],
  );
  const values = corners.map(formula);
  return { from: Math.min(...values), to: Math.max(...values) };
}

/** A flag of a cell. `says` follows the words "expected 0.123:". */
export function flag(cell: PrintedCell, found: number, kind: Flag["kind"], says: string): Flag {
  return { row: cell.row.name, column: cell.column.key, printed: cell.value, found: round(found), kind, says };
}

/** Truncation where the cut number is printed; rounding where the last place is one off or a place was rounded away. */
export function kindOf({ value, places }: { value: number; places: number }, found: number): Flag["kind"] {
  const printed = round(value);
  if (roundHalfUp(found, places) !== printed && cut(found, places) === printed) return "truncation";
  const unit = 10 ** -places;
  if (Math.abs(roundHalfUp(found, places) - printed) < 1.5 * unit) return "rounding";
  if (places === 0) return "error";
  if (roundHalfUp(found, places - 1) === printed) return "rounding";
  return cut(found, places - 1) === printed ? "truncation" : "error";
}

/** Without the noise of binary fractions. */
function round(value: number): number {
  return Number(value.toFixed(9));
}

export function roundHalfUp(value: number, places: number): number {
  const scale = 10 ** places;
  return round((Math.sign(value) * Math.floor(Math.abs(value) * scale + 0.5 + 1e-7)) / scale);
}

function cut(value: number, places: number): number {
  const scale = 10 ** places;
  return round(Math.trunc(value * scale + Math.sign(value) * 1e-7) / scale);
}
