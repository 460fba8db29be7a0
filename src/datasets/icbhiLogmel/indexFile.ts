import { parseIcbhiName } from "../icbhi/fileName.js";
import { type CycleLabel, cycleLabelOf } from "../icbhi/labels.js";
import { type LineProblem, quote, readLines } from "../icbhi/textLines.js";

/** A line of the index: which cycle a stored map is of. */
export interface LogmelRow {
  /** The id of the cycle in every split, such as "101_1b1_Al_sc_Meditron#0". */
  readonly id: string;
  /** The recording's name, as its annotation is called. */
  readonly recording: string;
  /** Place of the cycle in its recording, from 0. */
  readonly cycle: number;
  readonly crackle: boolean;
  readonly wheeze: boolean;
  readonly label: CycleLabel;
  /** Side of the official split; absent where the list of that split does not name the recording. */
  readonly officialSide?: "train" | "test";
  /** Line of the index, from 1. */
  readonly line: number;
}

const HEADER = "row,recording,cycle,crackle,wheeze,split";

/**
 * Reads the index of stored maps: one line for each map, in the maps' order; the cycles of a recording stand together, in
 * their order. Nothing is thrown: a line that cannot be read, a row or cycle that is missing or stands twice is an error
 * in `problems`.
 *
 * @param text the whole file
 */
export function parseLogmelIndex(text: string): { rows: LogmelRow[]; problems: LineProblem[] } {
  const { lines, problems } = readLines(text);
  const error = (line: number, what: string) => problems.push({ line, what, severity: "error" });
  const [header, ...body] = lines;
  if (header?.text.trim() !== HEADER) {
    const what = `starts with ${JSON.stringify((header?.text ?? "").slice(0, 60))}; expected the columns ${HEADER}`;
    return { rows: [], problems: [...problems, { line: header?.line ?? 1, what, severity: "error" }] };
  }
  const rows: LogmelRow[] = [];
  const lineOf = new Map<string, number>();
  const cyclesSeen = new Map<string, number>();
  let expected = 0;
  for (const { line, text: row } of body) {
    const read = readRow(row.trim().split(","), line);
    if (typeof read === "string") {
      error(line, read);
      expected++;
      continue;
    }
    const { number, id, recording, cycle } = read;
    if (number < expected) error(line, `row ${number} stands again, or out of order; expected row ${expected}`);
    if (number > expected) error(line, `row ${number} comes where row ${expected} was expected: rows are missing`);
    expected = Math.max(expected, number) + 1;

    const earlier = lineOf.get(id);
    const next = cyclesSeen.get(recording) ?? 0;
    if (earlier !== undefined) error(line, `cycle ${cycle} of ${recording} stands on line ${earlier} already`);
    else if (cycle !== next) error(line, `cycle ${cycle} of ${recording} comes where cycle ${next} was expected`);
    else if (cycle > 0 && rows.at(-1)?.recording !== recording)
      error(line, `the cycles of ${recording} do not stand together`);
    lineOf.set(id, earlier ?? line);
    cyclesSeen.set(recording, Math.max(next, cycle + 1));
    const { number: _, ...kept } = read;
    rows.push(kept);
  }
  if (body.length === 0) error(header.line, "holds no rows; expected one for each map");
  return { rows, problems };
}

/** The row, or what is wrong with its line. */
function readRow(fields: readonly string[], line: number): (LogmelRow & { number: number }) | string {
  if (fields.length !== 6) return `has ${fields.length} columns; expected six: ${HEADER}`;
  const [row, recording, cycle, crackle, wheeze, side] = fields as [string, string, string, string, string, string];
  const number = wholeNumber(row);
  const place = wholeNumber(cycle);
  if (number === undefined) return `row is ${quote(row)}; expected a whole number, 0 or more`;
  if (!parseIcbhiName(recording)) return `recording is ${quote(recording)}; expected such as 101_1b1_Al_sc_Meditron`;
  if (place === undefined) return `cycle is ${quote(cycle)}; expected a whole number, 0 or more`;
  if (!isFlag(crackle)) return `crackle is ${quote(crackle)}; expected 0 or 1`;
  if (!isFlag(wheeze)) return `wheeze is ${quote(wheeze)}; expected 0 or 1`;
  if (side !== "train" && side !== "test" && side !== "")
    return `split is ${quote(side)}; expected train, test or nothing`;
  const flags = { crackle: crackle === "1", wheeze: wheeze === "1" };
  return {
    number,
    id: `${recording}#${place}`,
    recording,
    cycle: place,
    ...flags,
    label: cycleLabelOf(flags.crackle, flags.wheeze),
    ...(side === "" ? {} : { officialSide: side }),
    line,
  };
}

/** The index as text; its rows are numbered in order. */
export function logmelIndexText(rows: readonly Omit<LogmelRow, "id" | "label" | "line">[]): string {
  const lines = rows.map(({ recording, cycle, crackle, wheeze, officialSide }, row) =>
    [row, recording, cycle, Number(crackle), Number(wheeze), officialSide ?? ""].join(","),
  );
  return `${[HEADER, ...lines].join("\n")}\n`;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function isFlag(text: string): boolean {
  return text === "0" || text === "1";
}
