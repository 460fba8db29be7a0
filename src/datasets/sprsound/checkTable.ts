import { problemText } from "../problem.js";
import type { SprSoundCheck } from "./check.js";
import { EVENT_TYPES, RECORD_LABELS, SPRSOUND_SETS } from "./labels.js";

/** How many problems of one severity are listed in full. */
const SHOWN = 20;

/** A check as text: counts by set and class in one table, then what was found. */
export function sprSoundCheckTable(check: SprSoundCheck): string {
  const sets = SPRSOUND_SETS.filter((set) => check.bySplit[set]);
  const column = (value: (of: NonNullable<SprSoundCheck["bySplit"][(typeof sets)[number]]>) => number) =>
    sets.map((set) => value(check.bySplit[set]!));
  const withTotal = (name: string, values: number[]) => [name, ...values, values.reduce((a, b) => a + b, 0)];
  const rows: (string | number)[][] = [
    ["", ...sets, "all"],
    withTotal(
      "recordings",
      column((of) => of.recordings),
    ),
    ...RECORD_LABELS.map((label) =>
      withTotal(
        `  ${label}`,
        column((of) => of.records[label]),
      ),
    ),
    // A patient of intra is in training too, so the total is not the sum.
    ["patients", ...column((of) => of.patients), check.patients],
    withTotal(
      "events",
      column((of) => of.events),
    ),
    ...EVENT_TYPES.map((type) =>
      withTotal(
        `  ${type}`,
        column((of) => of.eventTypes[type]),
      ),
    ),
    withTotal(
      "minutes",
      column((of) => Math.round(of.durationSeconds / 60)),
    ),
  ];
  const lines = [
    check.madeUp ? "sprsound (MADE-UP SOUNDS, not recordings)" : "sprsound",
    "",
    ...alignColumns(rows),
    "",
    ...problemLines(check),
  ];
  return lines.join("\n");
}

function problemLines({ problems }: SprSoundCheck): string[] {
  if (problems.length === 0) return ["No problems found."];
  return (["error", "warning", "note"] as const).flatMap((severity) => {
    const these = problems.filter((problem) => problem.severity === severity);
    if (these.length === 0) return [];
    const rest = these.length > SHOWN ? [`  and ${these.length - SHOWN} more (--json lists all)`] : [];
    const title = `${these.length} ${severity}${these.length === 1 ? "" : "s"}:`;
    return [title, ...these.slice(0, SHOWN).map((problem) => `  ${problemText(problem)}`), ...rest];
  });
}

/** The first column to the left, the others to the right. */
function alignColumns(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell)));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]! + 2)))
      .join("")
      .trimEnd(),
  );
}
