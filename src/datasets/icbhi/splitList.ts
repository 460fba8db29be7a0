import { type LineProblem, readLines } from "./textLines.js";

export type OfficialSide = "train" | "test";

/** More than any name of a recording has, so that none fills a page of messages. */
const LONGEST_NAME = 60;

export interface SplitList {
  /** Side by name of the recording, as the list spells it. */
  sides: Map<string, { side: OfficialSide; line: number }>;
  problems: LineProblem[];
}

/**
 * Reads the official list of `ICBHI_challenge_train_test.txt`: recording and `train` or `test` on each line. A recording
 * named twice is an error, since one of the two would be ignored.
 */
export function parseSplitList(text: string): SplitList {
  const { lines, problems } = readLines(text);
  const sides: SplitList["sides"] = new Map();
  for (const { line, text: row } of lines) {
    const fields = row.trim().split(/[\t ,]+/);
    const [name, side] = fields as [string, string | undefined];
    if (fields.length !== 2 || name.length > LONGEST_NAME || (side !== "train" && side !== "test")) {
      const what = `is ${JSON.stringify(row.trim().slice(0, 60))}; expected a recording and "train" or "test"`;
      problems.push({ line, what, severity: "error" });
      continue;
    }
    const before = sides.get(name);
    if (before) {
      const also = before.side === side ? "" : `, there as ${before.side}, here as ${side}`;
      problems.push({ line, what: `names ${name}, as line ${before.line} does${also}`, severity: "error" });
    } else {
      sides.set(name, { side, line });
    }
  }
  return { sides, problems };
}
