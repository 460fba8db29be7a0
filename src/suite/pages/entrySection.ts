import type { SearchRecord } from "../../papers/searchRecord.js";
import { shown } from "../html.js";
import { besideWords } from "../reporting/besideWords.js";
import { verdictCounts } from "../reporting/entryState.js";
import type { ReportCell } from "../reporting/reportModel.js";
import { rowLabel, verdictWords } from "../reporting/reportTable.js";
import { shownInterval, shownOurs, shownPrinted } from "../reporting/shownNumber.js";
import { bestWords, importanceWords, searchTables, searchWords } from "../searching/searchText.js";
import { markdownList, markdownTable, plain, unbroken } from "./markdown.js";
import type { EntryOfPage } from "./pageModel.js";
import { countedGrid, printedGrids } from "./printedGrid.js";

const NONE = "No number of ours yet.";

/** One printed table or figure: what it holds, print, ours, what contradicts it, and the command. */
export function entrySection(one: EntryOfPage): string {
  const { entry } = one;
  const about = [
    `Rows differ in: ${plain(entry.vary)}. Numbers: ${plain(entry.metric)}; test set: ${plain(entry.testSet)}.`,
    ...(entry.shows ? [`It shows: ${plain(entry.shows)}.`] : []),
  ].join(" ");
  const parts = [
    `### ${plain(entry.title)}`,
    about,
    ...(entry.kind === "dataset" ? counted(one) : trained(one)),
    remarks(one),
    `\`\`\`sh\n${entry.command}\n\`\`\``,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function counted({ entry, model }: EntryOfPage): string[] {
  const counts = verdictCounts(model).map(([verdict, count]) => `${count} ${verdict}`);
  const sources = (model.counted?.datasets ?? []).map(({ name, recordings }) => `${recordings} recordings of ${name}`);
  const how = "In bold what is printed and differs; in brackets what is not printed.";
  return [
    countedGrid(entry, model.cells),
    `Counted from ${sources.join(" and ") || "nothing yet"}: ${counts.join(", ") || "no cell"}. ${how}`,
    markdownList(
      model.cells
        .filter(({ verdict }) => verdict === "above" || verdict === "below")
        .map((cell) => `${plain(cell.row)}, ${plain(cell.column)}: ${plain(cell.why)}`),
    ),
  ];
}

function trained({ entry, model, budgetOf, seedOf }: EntryOfPage): string[] {
  const having = model.cells.filter(({ ours }) => ours !== null);
  if (having.length === 0) {
    const canRun = entry.rows.some(({ state }) => state === "built");
    return [printedGrids(entry), ...(entry.columns.length === 0 ? beyondNumbers(model) : canRun ? [NONE] : [])];
  }
  const budgetsOf = ({ runs }: ReportCell) => [...new Set(runs.map(budgetOf))];
  const budgets = [...new Set(having.flatMap(budgetsOf))];
  const lines = having.map((cell) => [
    plain(rowLabel(cell)),
    unbroken(plain(cell.column)),
    shownPrinted(cell.printed, cell),
    shownOurs(cell.ours?.mean, cell),
    unbroken(shownInterval(cell.ours, cell)) || "–",
    String(new Set(cell.runs.map(seedOf)).size),
    budgetsOf(cell)
      .map((budget) => letter(budgets.indexOf(budget)))
      .join(", "),
    [verdictWords(cell), ...besideOf(cell)].map(plain).join("<br>"),
  ]);
  const numbers = [
    "row (runs)",
    "column",
    { right: "printed" },
    { right: "ours" },
    "95 % interval",
    { right: "seeds" },
  ];
  return [
    printedGrids(entry),
    markdownTable([...numbers, "budget", "verdict, and what stands beside"], lines),
    `Budgets: ${budgets.map((budget, i) => `(${letter(i)}) ${plain(budget)}`).join("; ")}.`,
    ...comparisons(model.comparisons),
  ];
}

/** What there is of ours of a search, or of a picture, which another page draws. */
function beyondNumbers({ id, runs }: EntryOfPage["model"]): string[] {
  if (runs.length === 0) return ["No run of ours yet."];
  const found = runs.flatMap(({ name, search }) => (search ? searched(name, search) : []));
  if (found.length > 0) return found;
  const counted = runs.length === 1 ? "One run is committed" : `${runs.length} runs are committed`;
  return [`${counted}; \`npx auscult report ${id} --out FILE.html\` draws what their folders hold.`];
}

function searched(name: string, search: SearchRecord): string[] {
  const { heads, rows } = searchTables(search).trials;
  const words = [bestWords, searchWords, importanceWords].map((say) => plain(say(search)));
  return [
    `**${plain(name)}.** ${words.join(" ")}`,
    markdownTable(
      heads,
      rows.map((row) => row.map(plain)),
    ),
  ];
}

/** "a", "b", ..., "z", "a1", ... */
function letter(place: number): string {
  return "abcdefghijklmnopqrstuvwxyz"[place % 26]! + (place < 26 ? "" : Math.floor(place / 26));
}

function besideOf(cell: ReportCell): string[] {
  return [...besideWords(cell), ...(cell.doubt ? [cell.doubt] : [])];
}

function comparisons(all: EntryOfPage["model"]["comparisons"]): string[] {
  if (all.length === 0) return [];
  const lines = all.map((one) => [
    plain(`${one.row} against ${one.base} (${one.variant})`),
    unbroken(plain(one.column)),
    shownOurs(one.difference, one),
    unbroken(shownInterval(one, one)),
    shown(one.p),
    shown(one.holm),
    shownOurs(one.smallestDetectable, one),
  ]);
  const tested = [{ right: "p" }, { right: "after Holm" }, { right: "least that this set would show" }];
  const columns = ["rows against each other", "column", { right: "difference" }, "95 % interval", ...tested];
  return [markdownTable(columns, lines)];
}

function remarks({ model }: EntryOfPage): string {
  const found = model.contradictions.map(
    ({ row, column, kind, says }) =>
      `${plain(row)}, ${plain(column)} contradicts other print (${kind}): ${plain(says)}`,
  );
  // What is not built stands beside the rows, and at the end of the page.
  const notes = model.notes.filter((note) => !note.startsWith("Not built yet: "));
  return markdownList([...notes.map(plain), ...found]);
}
