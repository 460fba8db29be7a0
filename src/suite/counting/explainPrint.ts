import { CYCLE_LABELS, ICBHI_DEVICES } from "../../datasets/icbhi/labels.js";
import type { CountQuery } from "../entry.js";
import { type CountingData, NotCounted, orNotCounted } from "./countingData.js";
import { countQuery } from "./countQuery.js";
import type { JudgedCell, OtherRow } from "./judgedCell.js";
import { agrees } from "./printed.js";

/** Below this a number is met by chance too easily to explain anything. */
const TELLING = 10;

/** What a wrong printed number is instead, as the end of a sentence; "" where nothing was found. */
export function explainPrint(cell: JudgedCell, places: number, data: CountingData): string {
  const { printed, counted, column, others, query } = cell;
  if (column.unit !== "count") {
    // Shares of one column lie close together: only a row without a number of its own explains one.
    const drawn = others.find((other) => other.printed === null && isCountOf(other, printed, places));
    return drawn ? `this is the share of ${drawn.row}` : "";
  }
  if (printed < TELLING) return "";
  const found = otherReading(query, printed, data) ?? rowWith(others, printed, places);
  if (found) return `this is the count of ${found}`;
  const nowhere = query.split && query.dataset !== "sprsound" ? "no side of any split has this count" : "";
  return digitSlip(printed, counted) ?? nowhere;
}

function isCountOf({ counted }: OtherRow, printed: number, places: number): boolean {
  return counted !== null && agrees(printed, counted, places);
}

function rowWith(others: readonly OtherRow[], printed: number, places: number): string | undefined {
  return others.find((other) => isCountOf(other, printed, places))?.row;
}

/** Tried in turn; the random ones have no counts of their own. */
const SPLITS = ["official", "official-patient-leak", "fold0", "fold1", "fold2", "fold3", "fold4"];

/** The first other part of ICBHI that has exactly the printed count, in words; nearer ones are tried first. */
function otherReading(query: CountQuery, printed: number, data: CountingData): string | undefined {
  if (query.dataset === "sprsound") return undefined;
  return readingsOf(query).find(([, other]) => {
    const found = orNotCounted(() => countQuery(other, data));
    return !(found instanceof NotCounted) && found === printed;
  })?.[0];
}

function readingsOf(query: CountQuery): [string, CountQuery][] {
  const { split, side } = query;
  const opposite = side === "train" ? "test" : "train";
  const other: [string, CountQuery][] = [];
  const add = (words: string, change: CountQuery) => other.push([words, { ...query, ...change }]);
  if (split && side) {
    add(`the ${sideWord(opposite)} of ${split}`, { side: opposite });
    for (const one of SPLITS) add(`the ${sideWord(side)} of ${one}`, { split: one });
    for (const one of SPLITS) add(`the ${sideWord(opposite)} of ${one}`, { split: one, side: opposite });
  }
  if (query.class) for (const label of CYCLE_LABELS) add(`class ${label}`, { class: label });
  if (query.device) for (const device of ICBHI_DEVICES) add(device, { device });
  if (split) add("the whole data set", { split: undefined, side: undefined });
  return other;
}

function sideWord(side: "train" | "test"): string {
  return side === "train" ? "training side" : "test side";
}

/** Two numbers of equally many digits that differ by one digit, or by two neighbours exchanged. */
function digitSlip(printed: number, counted: number): string | undefined {
  const [a, b] = [String(printed), String(counted)];
  if (a.length !== b.length) return undefined;
  const off = [...a].flatMap((digit, place) => (digit === b[place] ? [] : [place]));
  const [first, second] = off;
  if (off.length === 1 && Math.abs(printed - counted) > 1) return "one digit differs";
  const swapped = off.length === 2 && second === first! + 1 && a[first!] === b[second] && a[second] === b[first!];
  return swapped ? "two digits are exchanged" : undefined;
}
