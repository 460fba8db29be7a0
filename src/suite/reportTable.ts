import { shown, shownRange } from "./html.js";
import type { ReportCell, ReportModel } from "./reportModel.js";

/** Terminal table: one line per cell, ours against printed with the verdict; at most 100 columns where the names allow it. */
export function renderTable(model: ReportModel): string {
  const head = ["row", "task", "printed", "ours", "95 % interval", "verdict"];
  const lines = model.cells.map((cell) => [
    cell.row,
    cell.column,
    shown(cell.printed),
    shown(cell.ours?.mean),
    shownRange(cell.ours),
    verdictWords(cell),
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
  }
  return `${out.join("\n")}\n`;
}

/** "not comparable: other test set, reduced budget". */
export function verdictWords(cell: ReportCell): string {
  return cell.why ? `${cell.verdict}: ${cell.why}` : cell.verdict;
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
