import { type CycleLabel, cycleLabelOf } from "./labels.js";
import { type LineProblem, quote, readLines } from "./textLines.js";

/** A breathing cycle as annotated. */
export interface IcbhiCycle {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly crackle: boolean;
  readonly wheeze: boolean;
  readonly label: CycleLabel;
  /** Line of the annotation file, from 1. */
  readonly line: number;
}

export interface IcbhiAnnotation {
  /** In the order of the file. */
  cycles: IcbhiCycle[];
  problems: LineProblem[];
}

const COLUMNS = "start (s), end (s), crackle (0 or 1), wheeze (0 or 1), separated by tabs";

/**
 * Reads an annotation file: one line for each cycle with start, end, crackle and wheeze, no header (papers.md 0.1). Spaces
 * for tabs, other line ends, a byte-order mark and empty lines are taken, with a note. Nothing is thrown: a line that
 * cannot be read is an error in `problems`, and so is a file without cycles.
 *
 * @param text the whole file
 */
export function parseIcbhiAnnotation(text: string): IcbhiAnnotation {
  const { lines, problems } = readLines(text);
  const cycles: IcbhiCycle[] = [];
  let spaced: number | undefined;
  for (const { line, text: row } of lines) {
    const fields = row.trim().split(/[\t ]+/);
    if (spaced === undefined && fields.length === 4 && row.trim().split("\t").length !== 4) spaced = line;
    const read = readCycle(fields, line);
    if (typeof read === "string") problems.push({ line, what: read, severity: "error" });
    else cycles.push(read);
  }
  if (spaced !== undefined) {
    problems.push({ line: spaced, what: "columns are separated by spaces where tabs are usual", severity: "note" });
  }
  if (lines.length === 0) problems.push({ what: "holds no cycles; expected one line each", severity: "error" });
  problems.push(...overlaps(cycles));
  return { cycles, problems };
}

/** The cycle, or what is wrong with its line. */
function readCycle(fields: readonly string[], line: number): IcbhiCycle | string {
  if (fields.length !== 4) {
    return `has ${fields.length} column${fields.length === 1 ? "" : "s"} (${quote(fields.join(" "))}); expected four: ${COLUMNS}`;
  }
  const [start, end, crackleText, wheezeText] = fields as [string, string, string, string];
  const startSeconds = readSeconds(start);
  const endSeconds = readSeconds(end);
  if (startSeconds === undefined) return `start is ${quote(start)}; expected seconds, 0 or more`;
  if (endSeconds === undefined) return `end is ${quote(end)}; expected seconds, 0 or more`;
  if (endSeconds <= startSeconds) return `ends at ${end} s, not after its start at ${start} s`;
  const crackle = readFlag(crackleText);
  const wheeze = readFlag(wheezeText);
  if (crackle === undefined) return `crackle is ${quote(crackleText)}; expected 0 or 1`;
  if (wheeze === undefined) return `wheeze is ${quote(wheezeText)}; expected 0 or 1`;
  return { startSeconds, endSeconds, crackle, wheeze, label: cycleLabelOf(crackle, wheeze), line };
}

/** A plain decimal number; no sign, no comma, nothing beyond what a recording can last. */
function readSeconds(text: string): number | undefined {
  if (!/^\d{1,9}(\.\d*)?([eE][+-]?\d{1,2})?$/.test(text)) return undefined;
  const seconds = Number(text);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function readFlag(text: string): boolean | undefined {
  return text === "1" ? true : text === "0" ? false : undefined;
}

/** Cycles that begin before one that started earlier has ended. */
function overlaps(cycles: readonly IcbhiCycle[]): LineProblem[] {
  const sorted = [...cycles].sort((a, b) => a.startSeconds - b.startSeconds || a.line - b.line);
  const problems: LineProblem[] = [];
  let latest: IcbhiCycle | undefined;
  for (const cycle of sorted) {
    if (latest && cycle.startSeconds < latest.endSeconds) {
      const what = `the cycle at ${cycle.startSeconds} s begins before the one of line ${latest.line} ends, at ${latest.endSeconds} s`;
      problems.push({ line: cycle.line, what, severity: "warning" });
    }
    if (!latest || cycle.endSeconds > latest.endSeconds) latest = cycle;
  }
  return problems;
}
