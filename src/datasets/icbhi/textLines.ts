import type { Problem } from "../problem.js";

/** A problem within one file, which is named later. */
export type LineProblem = Omit<Problem, "file">;

/** No list or annotation of the set comes near this. */
const MOST_CHARACTERS = 2_000_000;

/**
 * The lines of a small text file that hold something, with their numbers from 1. A byte-order mark, carriage returns and
 * empty lines between others are taken away and noted; bytes that are no text are an error.
 */
export function readLines(text: string): { lines: { line: number; text: string }[]; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  if (text.length > MOST_CHARACTERS) {
    const what = `holds ${text.length.toLocaleString("en")} characters; expected a short list, so it was not read`;
    return { lines: [], problems: [{ what, severity: "error" }] };
  }
  const marked = text.startsWith("\ufeff");
  if (marked) problems.push({ line: 1, what: "starts with a byte-order mark", severity: "note" });
  const rows = (marked ? text.slice(1) : text).split(/\r\n|\n|\r/);
  if (text.includes("\r")) problems.push({ line: 1, what: "lines end with a carriage return", severity: "note" });
  const lines: { line: number; text: string }[] = [];
  rows.forEach((row, index) => {
    const line = index + 1;
    // NUL and U+FFFD come from UTF-16, binary content or a damaged file.
    if (row.includes("\0") || row.includes("\ufffd")) {
      problems.push({ line, what: "holds bytes that are no text; expected plain UTF-8", severity: "error" });
    } else if (row.trim() !== "") {
      lines.push({ line, text: row });
    }
  });
  const empty = rows.findIndex((row, index) => row.trim() === "" && index < (lines.at(-1)?.line ?? 0) - 1);
  if (empty >= 0) problems.push({ line: empty + 1, what: "is empty", severity: "note" });
  return { lines, problems };
}

/** A text in quotes for a message, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}
