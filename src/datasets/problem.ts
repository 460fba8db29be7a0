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
