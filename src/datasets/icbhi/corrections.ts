import { parseIcbhiName } from "./fileName.js";
import { type LineProblem, readLines } from "./textLines.js";

/** All 91 wrong names of the first download stand for this device (papers.md 0.1). */
const RIGHT_DEVICE = "Meditron";

export interface Corrections {
  /** Right name by wrong name. */
  names: Map<string, string>;
  problems: LineProblem[];
}

/**
 * Reads `filename_differences.txt`: names of the first download whose device is wrong, in quotes, one on each line. Each of
 * them was recorded with Meditron.
 */
export function parseCorrections(text: string): Corrections {
  const { lines, problems } = readLines(text);
  const names: Corrections["names"] = new Map();
  for (const { line, text: row } of lines) {
    const wrong = row
      .trim()
      .replace(/^['"]|['"]$/g, "")
      .replace(/\.(wav|txt)$/, "");
    const fields = parseIcbhiName(wrong);
    if (fields) names.set(wrong, wrong.slice(0, -fields.device.length) + RIGHT_DEVICE);
    else {
      const what = `is ${JSON.stringify(row.trim().slice(0, 60))}; expected the name of a recording`;
      problems.push({ line, what, severity: "warning" });
    }
  }
  return { names, problems };
}
