import { type LineProblem, readLines } from "./textLines.js";

export const FOLDS = [0, 1, 2, 3, 4] as const;
export type Fold = (typeof FOLDS)[number];

export interface FoldList {
  folds: Map<string, { fold: Fold; line: number }>;
  problems: LineProblem[];
}

/**
 * Reads `patient_list_foldwise.txt`: patient and fold (0 to 4) on each line. A patient in two folds would be trained on and
 * tested on, so it is an error.
 */
export function parseFoldList(text: string): FoldList {
  const { lines, problems } = readLines(text);
  const folds: FoldList["folds"] = new Map();
  for (const { line, text: row } of lines) {
    const match = /^(\d{3})[\t ,]+([0-4])$/.exec(row.trim());
    if (!match) {
      const what = `is ${JSON.stringify(row.trim().slice(0, 60))}; expected a patient (three digits) and a fold, 0 to 4`;
      problems.push({ line, what, severity: "error" });
      continue;
    }
    const patient = match[1]!;
    const fold = Number(match[2]) as Fold;
    const before = folds.get(patient);
    if (!before) {
      folds.set(patient, { fold, line });
    } else if (before.fold === fold) {
      problems.push({ line, what: `names patient ${patient}, as line ${before.line} does`, severity: "warning" });
    } else {
      const what = `puts patient ${patient} into fold ${fold}, line ${before.line} into fold ${before.fold}: the folds leak`;
      problems.push({ line, what, severity: "error" });
    }
  }
  const missing = FOLDS.filter((fold) => ![...folds.values()].some((entry) => entry.fold === fold));
  if (missing.length > 0) problems.push({ what: `has no patient in fold ${missing.join(", ")}`, severity: "error" });
  return { folds, problems };
}
