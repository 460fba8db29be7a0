import { caveatWords } from "../caveats.js";
import { shown } from "../html.js";
import { bestWords } from "../searching/searchText.js";
import { besideWords } from "./besideWords.js";
import { printedOnly } from "./printedOnly.js";
import type { Comparison, ReportCell, ReportModel } from "./reportModel.js";
import { shownInterval, shownOurs, shownPrinted, unitWords } from "./shownNumber.js";

/** Terminal table: one line per cell, ours against printed with the verdict; at most 100 columns where the names allow it. */
export function renderTable(model: ReportModel): string {
  const counted = model.kind === "dataset";
  const head = ["row", "column", "printed", ...(counted ? ["counted", ""] : ["ours", "95 % interval"]), "verdict"];
  const lines = model.cells
    .filter((cell) => cell.ours !== null)
    .map((cell) => ({
      texts: [
        rowLabel(cell),
        columnLabel(cell),
        shownPrinted(cell.printed, cell),
        shownOurs(cell.ours?.mean, cell),
        shownInterval(cell.ours, cell),
        counted ? countWords(cell) : verdictWords(cell),
      ],
      below: [...besideWords(cell), ...(cell.doubt ? [cell.doubt] : []), ...cell.caveats.map(({ says }) => says)],
    }));
  const rightAligned = new Set([2, 3]);
  const widths = head.map((name, c) =>
    Math.max(name.length, ...lines.map(({ texts }) => (c === 5 ? 0 : texts[c]!.length))),
  );
  // A long row name stands on a line of its own, so that the verdict keeps its column.
  widths[0] = Math.min(widths[0]!, Math.max(20, 64 - widths.slice(1, 5).reduce((sum, width) => sum + width, 0)));
  const indent = widths.slice(0, 5).reduce((sum, width) => sum + width + 2, 0);
  const row = (line: string[]) =>
    line
      .map((text, c) => (rightAligned.has(c) ? text.padStart(widths[c]!) : c === 5 ? text : text.padEnd(widths[c]!)))
      .join("  ")
      .trimEnd();
  const out = [`${model.id}: ${model.title}${model.madeUp ? " (MADE-UP SOUNDS)" : ""}`];
  if (model.runs.length > 0)
    out.push(
      ...wrap(`${model.data}; ${model.protocol}, ${model.preset}, ${model.profile}: ${budgetWords(model)}`, 100),
    );
  out.push("");
  if (lines.length === 0) {
    const none = model.kind === "figure" ? pictureLines(model) : searchLines(model);
    return `${[...out, ...none, ...printedLines(model.cells)].join("\n")}\n`;
  }
  out.push(row(head), "-".repeat(100));
  for (const { texts, below } of lines) {
    const words = wrap(texts[5]!, Math.max(24, 100 - indent));
    const long = texts[0]!.length > widths[0]!;
    if (long) out.push(...wrap(texts[0]!, 100));
    out.push(row([long ? "" : texts[0]!, ...texts.slice(1, 5), words[0] ?? ""]));
    for (const more of words.slice(1)) out.push(" ".repeat(indent) + more);
    for (const says of below) out.push(...wrap(says, 96).map((part) => `    ${part}`));
  }
  return `${[...out, ...comparisonLines(model.comparisons), ...printedLines(model.cells)].join("\n")}\n`;
}

/** What each search found; what has no number otherwise. */
function searchLines({ runs }: ReportModel): string[] {
  const found = runs.flatMap(({ name, search }) => (search ? wrap(`${name}: ${bestWords(search)}`, 100) : []));
  return found.length > 0 ? found : ["no number of ours yet"];
}

/** A picture stands on the page alone. */
function pictureLines({ id, shows = "a picture" }: ReportModel): string[] {
  return wrap(`It shows ${shows}; \`npx auscult report ${id} --out FILE.html\` draws what there is of it.`, 100);
}

/** Several budgets are told apart on the page; here they would bury the table. */
function budgetWords({ budget }: ReportModel): string {
  const budgets = budget.split("; or ");
  return budgets.length === 1 ? budget : `${budgets.length} budgets, the first: ${budgets[0]}`;
}

/** A count agrees with print, or it does not and the flag says how. */
function countWords({ verdict, why }: ReportCell): string {
  return verdict === "reproduced" ? "equal" : why || verdict;
}

/** "ResNet 18 (honest, quick)". */
export function rowLabel({ row, variant, edition }: Pick<ReportCell, "row" | "variant" | "edition">): string {
  const words = [variant, edition].filter(Boolean).join("; ");
  return words ? `${row} (${words})` : row;
}

/** The column's title with its unit, where it has one. */
export function columnLabel({ column, unit }: Pick<ReportCell, "column" | "unit">): string {
  const words = unitWords(unit);
  return words && !column.split(/[\s,()]+/).includes(words) ? `${column}, ${words}` : column;
}

function comparisonLines(comparisons: readonly Comparison[]): string[] {
  if (comparisons.length === 0) return [];
  const lines = comparisons.map((one) => {
    const least =
      one.smallestDetectable === null
        ? ""
        : `; least that this set would show ${shownOurs(one.smallestDetectable, one)}`;
    return `${one.row} against ${one.base}, ${one.column} (${one.variant}): ${shownOurs(one.difference, one)} (${shownInterval(one, one)}), p ${shown(one.p)}, after Holm ${shown(one.holm)}${least}`;
  });
  return [
    "",
    "rows against each other, whole patients swapped",
    ...lines.flatMap((line) => wrap(line, 98).map((part, i) => (i ? `    ${part}` : `  ${part}`))),
  ];
}

/** The printed numbers that have none of ours beside them, one line per row. */
function printedLines(cells: readonly ReportCell[]): string[] {
  const { columns, rows } = printedOnly(cells);
  if (rows.length === 0) return [];
  const style = (c: number) => cells.find(({ column }) => column === columns[c])!;
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
        row.printed.map((value, c) => (value === undefined ? "" : shownPrinted(value, style(c)))),
        row.why,
      ),
    ),
  ];
}

/** "not comparable: other test set, reduced budget; leaking split". */
export function verdictWords({ verdict, why, caveats }: Pick<ReportCell, "verdict" | "why" | "caveats">): string {
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
