import { escapeHtml, htmlList, shown, shownRange } from "./html.js";
import { printedOnly } from "./printedOnly.js";
import { cellsFigure, liveScript, liveSwitch } from "./reportFigures.js";
import type { ReportCell, ReportModel } from "./reportModel.js";
import { runSection } from "./reportRunSection.js";
import { reportStyle } from "./reportStyle.js";

import { columnLabel, rowLabel } from "./reportTable.js";

export { renderTable } from "./reportTable.js";

/**
 * The report as one HTML page that needs nothing else: no network, readable without scripts, light and dark, on a phone and
 * in print.
 * @param plotlyScript text of a plotly bundle with scatter and heatmap (plotly-cartesian); "" for still figures only
 */
export function renderReport(model: ReportModel, { plotlyScript }: { plotlyScript: string }): string {
  const facts: [string, string][] = [
    ["data", model.data],
    ["budget", model.budget],
    ["protocol, preset", `${model.protocol}, ${model.preset}`],
    ["profile", model.profile],
    ["source", model.citation],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${model.id}: ${model.title}`)}</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<header>
<p class="quiet">${escapeHtml(model.id)}</p>
<h1>${escapeHtml(model.title)}</h1>
${model.madeUp ? `<p class="notice">Made-up sounds: these numbers say that the path works, and nothing about breath sounds.</p>` : ""}
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>
</header>
<section aria-labelledby="cells">
<h2 id="cells">Ours against printed</h2>
${cellsTable(model.cells.filter((cell) => cell.ours !== null))}
${cellsFigure(model)}
${printedTable(model.cells)}
<p>${plotlyScript ? liveSwitch : ""}</p>
</section>
${model.notes.length > 0 ? `<section aria-labelledby="notes"><h2 id="notes">Notes, and what was not run</h2>${htmlList(model.notes)}</section>` : ""}
${model.runs.map(runSection).join("\n")}
<section aria-labelledby="again">
<h2 id="again">Run it again</h2>
<pre><code>${escapeHtml(model.command)}</code></pre>
</section>
</main>
<footer><p class="quiet">Written ${escapeHtml(model.generatedAt)}. Score = (AS + HS) / 2, AS = (SE + SP) / 2, HS = 2 SE SP / (SE + SP).</p></footer>
${plotlyScript ? liveScript(plotlyScript) : ""}
</body>
</html>
`;
}

function cellsTable(cells: readonly ReportCell[]): string {
  if (cells.length === 0) return "<p>No cell was run yet.</p>";
  const rows = cells.map((cell) => {
    const range = shownRange(cell.ours);
    const runs = cell.ours && cell.ours.n > 1 ? `mean of ${cell.ours.n} runs` : "";
    const word = cell.verdict.replace(/ /g, "-");
    return (
      `<tr><th scope="row">${escapeHtml(rowLabel(cell))}</th><td data-label="task">${escapeHtml(columnLabel(cell))}</td>` +
      `<td class="number" data-label="printed">${shown(cell.printed)}</td>` +
      `<td class="number" data-label="ours">${shown(cell.ours?.mean)}` +
      `${[range, runs]
        .filter(Boolean)
        .map((text) => `<span class="range">${text}</span>`)
        .join("")}</td>` +
      `<td><span class="verdict verdict-${word}">${escapeHtml(cell.verdict)}</span>` +
      `${cell.why ? `<span class="range">${escapeHtml(cell.why)}</span>` : ""}` +
      `${cell.caveats.map(({ says }) => `<span class="caveat">${escapeHtml(says)}</span>`).join("")}</td></tr>`
    );
  });
  return `<div class="scroll"><table class="stack">
<caption>Score from 0 to 1; ranges are 95 % intervals. Nothing is compared where budget or data differ.</caption>
<thead><tr><th scope="col">row</th><th scope="col">task</th><th scope="col" class="number">printed</th>
<th scope="col" class="number">ours</th><th scope="col">verdict</th></tr></thead>
<tbody>${rows.join("")}</tbody></table></div>`;
}

/** What was printed and has no number of ours yet, small: it must not bury what was run. */
function printedTable(cells: readonly ReportCell[]): string {
  const { columns, rows } = printedOnly(cells);
  if (rows.length === 0) return "";
  const body = rows.map(
    ({ name, why, printed }) =>
      `<tr><th scope="row">${escapeHtml(name)}<span class="range">${escapeHtml(why)}</span></th>` +
      `${printed.map((value) => `<td class="number">${shown(value)}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll"><table>
<caption>Printed, without a number of ours yet.</caption>
<thead><tr><th scope="col">row</th>${columns.map((column) => `<th scope="col" class="number">${escapeHtml(column)}</th>`).join("")}</tr></thead>
<tbody>${body.join("")}</tbody></table></div>`;
}
