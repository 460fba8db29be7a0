import { caveatWords } from "./caveats.js";
import { shown, shownRange } from "./html.js";
import { printedOnly } from "./printedOnly.js";
import type { ReportCell, ReportModel } from "./reportModel.js";

/** Terminal table: one line per cell, ours against printed with the verdict; at most 100 columns where the names allow it. */
export function renderTable(model: ReportModel): string {
  const head = ["row", "task", "printed", "ours", "95 % interval", "verdict"];
  const lines = model.cells
    .filter((cell) => cell.ours !== null)
    .map((cell) => [
      cell.row,
      cell.column,
      shown(cell.printed),
      shown(cell.ours?.mean),
      shownRange(cell.ours),
      verdictWords(cell),
      ...cell.caveats.map(({ says }) => says),
    ]);
  const rightAligned = new Set([2, 3]);
  const widths = head.map((name, c) => Math.max(name.length, ...lines.map((line) => (c === 5 ? 0 : line[c]!.length))));
  const indent = widths.slice(0, 5).reduce((sum, width) => sum + width + 2, 0);
  const row = (line: string[]) =>
    line
      .map((text, c) => (rightAligned.has(c) ? text.padStart(widths[c]!) : c === 5 ? text : text.padEnd(widths[c]!)))
      .join("  ")
      .trimEnd();
  const out = [`${model.id}: ${model.title}${model.madeUp ? " (MADE-UP SOUNDS)" : ""}`];
  out.push(...wrap(`${model.data}; ${model.protocol}, ${model.preset}, ${model.profile}: ${model.budget}`, 100), "");
  out.push(row(head), "-".repeat(Math.min(100, indent + Math.max(24, 100 - indent))));
  for (const line of lines) {
    const words = wrap(line[5]!, Math.max(24, 100 - indent));
    out.push(row([...line.slice(0, 5), words[0] ?? ""]));
    for (const more of words.slice(1)) out.push(" ".repeat(indent) + more);
    for (const says of line.slice(6)) out.push(...wrap(says, 96).map((part) => `    ${part}`));
  }
  if (lines.length === 0) out.push("no cell was run yet");
  return `${[...out, ...printedLines(model.cells)].join("\n")}\n`;
}

/** The printed numbers that have none of ours beside them, one line per row. */
function printedLines(cells: readonly ReportCell[]): string[] {
  const { columns, rows } = printedOnly(cells);
  if (rows.length === 0) return [];
  const name = Math.max(...rows.map((row) => row.name.length), "printed, not run".length);
  const widths = columns.map((column) => Math.max(column.length, 5));
  const line = (first: string, values: string[], last: string) =>
    [first.padEnd(name), ...values.map((value, c) => value.padStart(widths[c]!)), last].join("  ").trimEnd();
  return [
    "",
    line("printed, not run", columns, ""),
    ...rows.map((row) =>
      line(
        row.name,
        row.printed.map((v) => shown(v)),
        row.why,
      ),
    ),
  ];
}

/** "not comparable: other test set, reduced budget; leaking split". */
export function verdictWords({ verdict, why, caveats }: ReportCell): string {
  const but = caveatWords(caveats.filter(({ what }) => !why.includes(what)));
  return `${verdict}${why && `: ${why}`}${but && `; ${but}`}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  if (line) lines.push(line);
  return lines;
}
