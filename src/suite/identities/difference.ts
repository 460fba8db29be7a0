import type { Flag } from "../flag.js";
import type { Print } from "./print.js";
import type { PrintedCell } from "./printedCell.js";
import { recompute, roundHalfUp } from "./recompute.js";

/** A printed gain is the difference of two printed numbers, or that difference as a share of the second. */
export function difference(cells: readonly PrintedCell[], print: Print): Flag[] {
  return cells.flatMap((gain) => {
    const { minus, relative, ...of } = gain.measure;
    if (!minus) return [];
    const home = { experiment: gain.source.experiment, row: gain.source.row };
    const reference = typeof minus === "string" ? { experiment: gain.entry.id, row: minus } : minus;
    const first =
      stated(print, { experiment: gain.entry.id, row: gain.row.name }, of, gain) ?? stated(print, home, of, gain);
    const second = stated(print, reference, of, gain);
    if (!first || !second) return [];
    if (!relative) return recompute(gain, [first, second], ([a, b]) => a! - b!, "difference") ?? [];
    const found = recompute(gain, [first, second], ([a, b]) => (100 * (a! - b!)) / b!, "relative difference");
    if (!found) return [];
    const ofFirst = (100 * (first.value - second.value)) / first.value;
    const other = roundHalfUp(ofFirst, gain.places) === gain.value ? "; print takes it of the first" : "";
    return [{ ...found, says: found.says + other }];
  });
}

/** The number that a row states of the same measure, task and split. */
function stated(
  print: Print,
  { experiment, row }: { experiment: string; row: string },
  of: object,
  { source }: PrintedCell,
): PrintedCell | undefined {
  return print.cells
    .get(experiment)
    ?.find(
      (cell) =>
        cell.row.name === row &&
        JSON.stringify(cell.measure) === JSON.stringify(of) &&
        agree(cell.source.fold, source.fold) &&
        agree(cell.source.task, source.task),
    );
}

/** What is not said is not restricted. */
const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
