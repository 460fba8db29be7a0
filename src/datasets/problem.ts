import { MissingData } from "../userError.js";

/** Something that a reader of a data set found. */
export interface Problem {
  /** Path within the data set, with forward slashes; of the first such file where `count` says how many there are. */
  file: string;
  /** Line in that file, from 1, where it is known. */
  line?: number;
  /** What it is and what would be right, one sentence. */
  what: string;
  /** An `error` keeps the data set from being used; a `warning` is worth a look; a `note` is a trait that is dealt with. */
  severity: "error" | "warning" | "note";
  /** In how many files, where the same was found in several and is told once. */
  count?: number;
  /** All of those files, where it is worth knowing which. */
  files?: readonly string[];
}

/** A problem as one line of text, without its severity. */
export function problemText({ file, line, what, count }: Problem): string {
  const more = count !== undefined && count > 1 ? ` (and ${(count - 1).toLocaleString("en")} more)` : "";
  return `${file}${line === undefined ? "" : `:${line}`}${more}: ${what}`;
}

/** How many errors a message lists in full. */
const LISTED = 5;

/**
 * Refuses what cannot be used, where there are errors.
 * @param title what it is and that it cannot be used, without a colon
 * @param allListedBy a command that lists all of them, where there is one
 * @throws UserError with the first few errors, a line each
 */
export function throwErrors(title: string, errors: readonly Problem[], allListedBy?: string): void {
  if (errors.length === 0) return;
  const shown = errors.slice(0, LISTED).map((problem) => `  ${problemText(problem)}`);
  const all = allListedBy === undefined ? "" : `: \`${allListedBy}\` lists all`;
  const rest = errors.length > LISTED ? [`  and ${errors.length - LISTED} more${all}`] : [];
  throw new MissingData([`${title}:`, ...shown, ...rest].join("\n"));
}
