import { fewestRankedEpochs, mayRank } from "../../evaluation/sanityRules.js";
import { escapeHtml, htmlList, shown, shownDuration } from "../html.js";
import { besideWords } from "./besideWords.js";
import { countedGrid } from "./countedGrid.js";
import { documentHtml } from "./documentHtml.js";
import { printedOnly } from "./printedOnly.js";
import { cellsFigure, liveScript, liveSwitch, picturesHtml } from "./reportFigures.js";
import type { Comparison, ReportCell, ReportModel, ReportRun } from "./reportModel.js";
import { runSection } from "./reportRunSection.js";
import { columnLabel, rowLabel } from "./reportTable.js";
import { shownInterval, shownOurs, shownPrinted } from "./shownNumber.js";

export { renderTable } from "./reportTable.js";

/** Runs that are shown in full; a page of more would be too large to open. */
const MOST_SECTIONS = 24;

/**
 * The report as one HTML page that needs nothing else: no network, readable without scripts, light and dark, on a phone and
 * in print.
 * @param plotlyScript text of a plotly bundle with scatter and heatmap (plotly-cartesian); "" for still figures only
 * @param overview address of the page of all experiments
 */
export function renderReport(
  model: ReportModel,
  { plotlyScript, overview }: { plotlyScript: string; overview?: string },
): string {
  const live = plotlyScript !== "";
  const facts: [string, string][] = [
    ["kind", model.kind],
    ["rows differ in", model.vary],
    [model.kind === "baseline" ? "metric" : "printed", model.metric],
    ["test set", model.testSet],
    ...(model.runs.length > 0
      ? ([
          ["data", model.data],
          ["budget", model.budget],
          ["protocol, preset", `${model.protocol}, ${model.preset}`],
          ["profile", model.profile],
        ] as [string, string][])
      : []),
    ["source", model.citation],
  ];
  const shownRuns = model.runs.slice(0, MOST_SECTIONS);
  const main = `<header>
<p class="quiet">${overview === undefined ? "" : `<a href="${escapeHtml(overview)}">all experiments</a> / `}${escapeHtml(model.id)}</p>
<h1>${escapeHtml(model.title)}</h1>
${madeUpNotice(model)}
<dl>${facts
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `<dt>${name}</dt><dd>${value.split("; or ").map(escapeHtml).join("<br>")}</dd>`)
    .join("")}</dl>
</header>
${model.kind === "dataset" ? countedSection(model) : cellsSection(model, live)}
${model.notes.length > 0 ? `<section aria-labelledby="notes"><h2 id="notes">Notes, and what was not run</h2>${htmlList(model.notes)}</section>` : ""}
${contradictionsSection(model)}
${decisionsSection(model)}
${runsTable(model.runs)}
${shownRuns.map((run, i) => runSection(run, i, live)).join("\n")}
${model.runs.length > shownRuns.length ? `<p>${model.runs.length - shownRuns.length} more runs are in the list above alone; <code>npx auscult report --protocol P --profile P</code> chooses.</p>` : ""}
<section aria-labelledby="again">
<h2 id="again">Run it again</h2>
<pre><code>${escapeHtml(model.command)}</code></pre>
</section>`;
  const scores = model.cells.some(({ beside }) => beside)
    ? " SPRSound: Score = (AS + HS) / 2, AS = (SE + SP) / 2, HS = 2 SE SP / (SE + SP). ICBHI: Score = (Se + Sp) / 2."
    : "";
  return documentHtml(`${model.id}: ${model.title}`, main, {
    footer: `<p class="quiet">Written ${escapeHtml(model.generatedAt)}.${scores}</p>`,
    scripts: live ? liveScript(plotlyScript) : "",
  });
}

function madeUpNotice({ madeUp, runs }: ReportModel): string {
  if (!madeUp) return "";
  const which = runs.every((run) => run.madeUp)
    ? "Made-up sounds: these"
    : "Made-up sounds are among the runs, and marked: their";
  return `<p class="notice">${which} numbers say that the path works, and nothing about breath sounds.</p>`;
}

function contradictionsSection({ contradictions }: ReportModel): string {
  if (contradictions.length === 0) return "";
  const items = contradictions.map(
    ({ row, column, kind, says }) =>
      `<li><strong>${escapeHtml(row)}, ${escapeHtml(column)}</strong> (${kind}): ${escapeHtml(says)}</li>`,
  );
  return `<section aria-labelledby="against"><h2 id="against">Printed numbers that other print contradicts</h2><ul>${items.join("")}</ul></section>`;
}

function decisionsSection({ decisions }: ReportModel): string {
  if (decisions.length === 0) return "";
  const items = decisions.map(
    ({ number, question, decision }) =>
      `<li value="${number}"><strong>${escapeHtml(question)}</strong>: ${escapeHtml(decision)}</li>`,
  );
  return `<section aria-labelledby="decided"><h2 id="decided">What print leaves open, and how it was decided</h2><ol>${items.join("")}</ol></section>`;
}

function countedSection(model: ReportModel): string {
  return `<section aria-labelledby="cells"><h2 id="cells">Counted against printed</h2>${countedGrid(model)}</section>`;
}

/** Of kinds whose numbers or pictures stand beside nothing printed. */
const HEADINGS: Readonly<Record<string, string>> = {
  baseline: "Ours",
  figure: "The picture",
  search: "What is searched",
};

function cellsSection(model: ReportModel, live: boolean): string {
  return `<section aria-labelledby="cells">
<h2 id="cells">${HEADINGS[model.kind] ?? "Ours against printed"}</h2>
${model.shows === undefined ? "" : `<p>It shows ${escapeHtml(model.shows)}.</p>`}
${picturesHtml(model, live)}
${["figure", "search"].includes(model.kind) ? "" : cellsTable(model.cells.filter((cell) => cell.ours !== null))}
${cellsFigure(model, live)}
${printedTable(model.cells)}
${live ? `<p>${liveSwitch}</p>` : ""}
</section>
${comparisonsSection(model)}`;
}

/** A short title, such as "Task 1-1", stays on one line. */
function shortClass(cell: Pick<ReportCell, "column" | "unit">): string {
  return columnLabel(cell).length <= 16 ? ' class="short"' : "";
}

function comparisonsSection({ comparisons, cells }: ReportModel): string {
  const unranked = new Set(
    cells.flatMap(({ beside, row, variant }) => (beside && !mayRank(beside.epochs) ? [`${row} (${variant})`] : [])),
  );
  const note =
    unranked.size > 0
      ? `<p>Of fewer than ${fewestRankedEpochs} epochs, so run but not ranked: ${[...unranked].map(escapeHtml).join("; ")}.</p>`
      : "";
  if (comparisons.length === 0 && note === "") return "";
  return `<section aria-labelledby="rows"><h2 id="rows">Rows against each other</h2>
${comparisons.length > 0 ? comparisonsTable(comparisons) : ""}${note}</section>`;
}

function comparisonsTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((one) => {
    const cell = (label: string, text: string, range = "") =>
      `<td class="number" data-label="${label}">${text}${range && `<span class="range">${range}</span>`}</td>`;
    return (
      `<tr><th scope="row">${escapeHtml(one.row)}<span class="range">against ${escapeHtml(one.base)}</span></th>` +
      `<td data-label="column"${shortClass(one)}>${escapeHtml(columnLabel(one))}<span class="range">${escapeHtml(one.variant)}</span></td>` +
      cell("difference", shownOurs(one.difference, one), shownInterval(one, one)) +
      cell("p", shown(one.p)) +
      cell("after Holm", shown(one.holm)) +
      `${cell("least detectable", shownOurs(one.smallestDetectable, one))}</tr>`
    );
  });
  const heads = ["difference", "p", "after Holm", "least detectable"];
  return `<div class="scroll"><table class="stack">
<caption>Randomisation tests that swap whole patients between two rows; Holm's correction over this table. Least detectable: the true difference that this test set would show four times in five.</caption>
<thead><tr><th scope="col">row</th><th scope="col">column</th>${heads.map((head) => `<th scope="col" class="number">${head}</th>`).join("")}</tr></thead>
<tbody>${rows.join("")}</tbody></table></div>`;
}

/** Every run in a line: what it cost, and where it is. */
function runsTable(runs: readonly ReportRun[]): string {
  if (runs.length === 0) return "";
  const rows = runs.map((run, i) => {
    const name = i < MOST_SECTIONS ? `<a href="#run-${i}">${escapeHtml(run.name)}</a>` : escapeHtml(run.name);
    const steps = run.metrics.stepsPerEpoch;
    return (
      `<tr><th scope="row">${name}<span class="range"><code>${escapeHtml(run.runId)}</code></span></th>` +
      `<td class="number" data-label="epochs">${run.epochs}</td>` +
      `<td class="number" data-label="steps">${typeof steps === "number" ? steps * run.epochs : "–"}</td>` +
      `<td class="number" data-label="time">${shownDuration(run.seconds)}</td></tr>`
    );
  });
  const total = runs.reduce((sum, { seconds }) => sum + seconds, 0);
  return `<section aria-labelledby="runs"><h2 id="runs">Runs and what they cost</h2>
<div class="scroll"><table class="stack"><caption>${runs.length} runs, ${shownDuration(total)} of training and evaluation.</caption>
<thead><tr><th scope="col">run</th><th scope="col" class="number">epochs</th><th scope="col" class="number">steps</th><th scope="col" class="number">time</th></tr></thead>
<tbody>${rows.join("")}</tbody></table></div></section>`;
}

function cellsTable(cells: readonly ReportCell[]): string {
  if (cells.length === 0) return "<p>No cell was run yet.</p>";
  const rows = cells.map((cell) => {
    const range = shownInterval(cell.ours, cell);
    const runs = cell.ours && cell.ours.n > 1 ? `mean of ${cell.ours.n} runs` : "";
    const word = cell.verdict.replace(/ /g, "-");
    return (
      `<tr><th scope="row">${escapeHtml(rowLabel(cell))}</th><td data-label="column"${shortClass(cell)}>${escapeHtml(columnLabel(cell))}</td>` +
      `<td class="number" data-label="printed">${shownPrinted(cell.printed, cell)}</td>` +
      `<td class="number" data-label="ours">${shownOurs(cell.ours?.mean, cell)}` +
      `${[range, runs]
        .filter(Boolean)
        .map((text) => `<span class="range">${text}</span>`)
        .join("")}</td>` +
      `<td><span class="verdict verdict-${word}">${escapeHtml(cell.verdict)}</span>` +
      `${cell.why ? `<span class="range">${escapeHtml(cell.why)}</span>` : ""}` +
      `${besideWords(cell)
        .map((words) => `<span class="range">${escapeHtml(words)}</span>`)
        .join("")}` +
      `${cell.doubt ? `<span class="caveat">${escapeHtml(cell.doubt)}</span>` : ""}` +
      `${cell.caveats.map(({ says }) => `<span class="caveat">${escapeHtml(says)}</span>`).join("")}</td></tr>`
    );
  });
  return `<div class="scroll"><table class="stack">
<caption>In the printed unit; ranges are 95 % intervals over patients and seeds. Nothing is compared where budget or data differ.</caption>
<thead><tr><th scope="col">row</th><th scope="col">column</th><th scope="col" class="number">printed</th>
<th scope="col" class="number">ours</th><th scope="col">verdict</th></tr></thead>
<tbody>${rows.join("")}</tbody></table></div>`;
}

/** What was printed and has no number of ours yet, small: it must not bury what was run. */
function printedTable(cells: readonly ReportCell[]): string {
  const { columns, rows } = printedOnly(cells);
  if (rows.length === 0) return "";
  const style = (c: number) => cells.find(({ column }) => column === columns[c])!;
  const body = rows.map(
    ({ name, why, printed }) =>
      `<tr><th scope="row">${escapeHtml(name)}<span class="range">${escapeHtml(why)}</span></th>` +
      `${printed.map((value, c) => `<td class="number">${value === undefined ? "" : shownPrinted(value, style(c))}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll" tabindex="0" role="region" aria-label="Printed, without a number of ours"><table>
<caption>Printed, without a number of ours yet.</caption>
<thead><tr><th scope="col">row</th>${columns.map((_, c) => `<th scope="col" class="number">${escapeHtml(columnLabel(style(c)))}</th>`).join("")}</tr></thead>
<tbody>${body.join("")}</tbody></table></div>`;
}
