import type { SearchRecord } from "../../papers/searchRecord.js";
import { escapeHtml } from "../html.js";
import { figureHtml } from "../reporting/reportFigures.js";
import { searchFigures } from "./searchFigures.js";
import { bestWords, importanceWords, searchTables, searchWords } from "./searchText.js";

/** A search on its page: what was found, pictures of history and importance, each trial, the space. */
export function searchSection(found: SearchRecord, madeUp: boolean, live: boolean): string {
  const { space, trials } = searchTables(found);
  const figures = searchFigures(found, madeUp ? { note: "made-up sounds" } : {});
  return `<h3>What the search found</h3>
<p>${escapeHtml(bestWords(found))}</p><p>${escapeHtml(searchWords(found))} ${escapeHtml(importanceWords(found))}</p>
<div class="figures">${figures.map(({ figure }) => figureHtml(figure, live)).join("")}</div>
${table("Trials, in the order in which they were tried; a value of one that was stopped early is its best until then.", trials)}
${table("The space that was searched", space)}`;
}

function table(
  caption: string,
  { heads, rows }: { heads: readonly string[]; rows: readonly (readonly string[])[] },
): string {
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join("");
  const body = rows.map(([first, ...cells]) => {
    return `<tr><th scope="row">${escapeHtml(first!)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table class="small"><caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}
