import { type Problem, problemText } from "./problem.js";

/** How many problems of one severity are listed in full. */
const SHOWN = 20;

/** Problems for people: the worst first, the first twenty of each severity. */
export function problemLines(problems: readonly Problem[]): string[] {
  if (problems.length === 0) return ["No problems found."];
  return (["error", "warning", "note"] as const).flatMap((severity) => {
    const these = problems.filter((problem) => problem.severity === severity);
    if (these.length === 0) return [];
    const rest = these.length > SHOWN ? [`  and ${these.length - SHOWN} more (--json lists all)`] : [];
    const title = `${these.length} ${severity}${these.length === 1 ? "" : "s"}:`;
    return [title, ...these.slice(0, SHOWN).map((problem) => `  ${problemText(problem)}`), ...rest];
  });
}

/** Lines of a table: the first column to the left, the others to the right. */
export function alignColumns(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell)));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]! + 2)))
      .join("")
      .trimEnd(),
  );
}
