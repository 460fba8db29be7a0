import type { Flag } from "../flag.js";
import { asShare, inUnit, type PrintedCell, type Range, rangeOf } from "./printedCell.js";
import { flag, kindOf } from "./recompute.js";
import { abnormal, FOLD4_BY_DEVICE, ICBHI_TESTS, type Supports } from "./testSets.js";

/**
 * A share of n items is k / n for a whole k: a printed recall, Sp or Se of one run has to be such a fraction of the test set's items at
 * its printed precision (the granularity test of Brown and Heathers, 2017).
 */
export function fraction(cells: readonly PrintedCell[]): Flag[] {
  return cells.flatMap((cell) => {
    const items = itemsOf(cell);
    if (items === undefined) return [];
    const range = rangeOf(asShare(cell));
    if (isFraction(range, items)) return [];
    const found = inUnit(cell, nearest(asShare(cell).value, items));
    return [
      flag(cell, found, kindOf(cell, found), `no share of the ${items} items, for one run${elsewhere(cell, range)}`),
    ];
  });
}

function isFraction({ from, to }: Range, items: number): boolean {
  const first = Math.ceil(from * items - 1e-6);
  return first < to * items - 1e-6;
}

const nearest = (share: number, items: number) => Math.round(share * items) / items;

/** How many items the cell is a share of; undefined where that is not known, or the number is not of one of our test sets. */
function itemsOf({ entry, row, measure, source }: PrintedCell): number | undefined {
  if (row.state === "literature" || measure.minus || measure.set) return undefined;
  const supports = measure.device
    ? deviceSupports(entry.testSet, measure.device)
    : ICBHI_TESTS[source.fold ?? entry.testSet];
  if (!supports) return undefined;
  if (measure.metric === "recall" && measure.class) return supports[measure.class];
  if (measure.class) return undefined;
  if (measure.metric === "sp") return supports.Normal;
  return measure.metric === "se" ? abnormal(supports) : undefined;
}

function deviceSupports(testSet: string, device: string): Supports | undefined {
  return testSet.endsWith("fold4") ? FOLD4_BY_DEVICE[device] : undefined;
}

/** The device whose items it is a share of, where names may have been exchanged. */
function elsewhere({ measure }: PrintedCell, range: Range): string {
  if (!measure.device || !measure.class) return "";
  const fits = Object.entries(FOLD4_BY_DEVICE).filter(
    ([device, supports]) => device !== measure.device && isFraction(range, supports[measure.class!]!),
  );
  return fits.map(([device, supports]) => `; it is one of ${device}'s ${supports[measure.class!]}`).join("");
}
