import { escapeHtml } from "../html.js";
import { documentHtml } from "./documentHtml.js";
import { entryState, verdictCounts } from "./entryState.js";
import type { ReportModel } from "./reportModel.js";
import { shownInterval, shownOurs, shownPrinted } from "./shownNumber.js";

/** One page for all experiments: how far each is, what came out, and what was not run. @param linkOf the address of an entry's page */
export function overviewPage(models: readonly ReportModel[], linkOf: (model: ReportModel) => string): string {
  const papers = [...new Set(models.map(({ id }) => id.split("/")[0]!))];
  const trained = models.filter(({ kind }) => kind !== "dataset");
  const counted = models.filter(({ kind }) => kind === "dataset");
  const main = `<header>
<p class="quiet">overview</p>
<h1>Printed tables and figures, and what comes out here</h1>
<dl>
<dt>experiments</dt><dd>${models.length} of ${papers.length} sources: ${counted.length} counted from annotations, ${trained.length} trained, compared or drawn</dd>
<dt>trained</dt><dd>${escapeHtml(totals(trained))}</dd>
<dt>counted</dt><dd>${escapeHtml(totals(counted))}</dd>
</dl>
${models.some(({ madeUp }) => madeUp) ? `<p class="notice">Some runs are on made-up sounds: those numbers say that the path works, and nothing about breath sounds. They are marked in their tables.</p>` : ""}
</header>
<section aria-labelledby="read"><h2 id="read">How to read this</h2>${legend}</section>
<nav aria-label="Sources"><p>${papers.map((paper) => `<a href="#${escapeHtml(paper)}">${escapeHtml(paper)}</a>`).join(" · ")}</p></nav>
${papers
  .map((paper) =>
    paperSection(
      paper,
      models.filter(({ id }) => id.startsWith(`${paper}/`)),
      linkOf,
    ),
  )
  .join("\n")}
<section aria-labelledby="again"><h2 id="again">Make it again</h2><pre><code>npx auscult report --out report.html</code></pre></section>`;
  const footer = `<p class="quiet">Written ${escapeHtml(models[0]?.generatedAt ?? "")}.</p>`;
  return documentHtml("Printed tables and figures, and what comes out here", main, { footer });
}

const legend = `<dl>
<dt>reproduced</dt><dd>print lies within ours plus or minus 2 points, and the half-width of our interval is at most 3; of sizes: equal as printed</dd>
<dt>compatible</dt><dd>print lies within ours plus or minus 2 points, and our interval is wider</dd>
<dt>above, below</dt><dd>our whole interval lies more than 2 points above or below print</dd>
<dt>cannot tell</dt><dd>anything between</dd>
<dt>equal, differ</dt><dd>of tables that are counted from annotations: the count as printed, or a flag that says what differs</dd>
<dt>not comparable</dt><dd>budget, data, pretraining, protocol or test set differ, or the sounds are made up; the reason stands beside</dd>
</dl>
<p>Intervals are 95 %, from resampling whole patients and training seeds together. <em>published</em> is each paper's own rule for choosing the epoch; <em>honest</em> chooses it on held-out training patients and opens the test set once. <em>Optimism</em> is the best epoch on the test set minus the mean of the last tenth; <em>protocol gap</em> is published minus honest.</p>`;

function totals(models: readonly ReportModel[]): string {
  const counts = new Map<string, number>();
  for (const model of models)
    for (const [verdict, n] of verdictCounts(model)) counts.set(verdict, (counts.get(verdict) ?? 0) + n);
  const words = [...counts].sort((a, b) => b[1] - a[1]).map(([verdict, n]) => `${n} ${verdict}`);
  const without = models.flatMap(({ cells }) => cells).filter(({ ours }) => ours === null).length;
  return [...words, `${without} cells without a number of ours`].join(", ");
}

function paperSection(paper: string, models: readonly ReportModel[], linkOf: (model: ReportModel) => string): string {
  const rows = models.map((model) => {
    const counts = verdictCounts(model).map(
      ([word, n]) => `<span class="verdict verdict-${word.replace(/ /g, "-")}">${n} ${escapeHtml(word)}</span>`,
    );
    return `<tr><th scope="row"><a href="${escapeHtml(linkOf(model))}">${escapeHtml(model.id.slice(paper.length + 1))}</a><span class="range">${escapeHtml(model.title)}</span></th>
<td data-label="kind">${escapeHtml(model.kind)}</td><td data-label="state">${escapeHtml(entryState(model))}</td>
${cell("verdicts", counts.join("<br>"))}${cell("best of ours", best(model))}</tr>`;
  });
  return `<section aria-labelledby="${escapeHtml(paper)}"><h2 id="${escapeHtml(paper)}">${escapeHtml(paper)}</h2>
<div class="scroll"><table class="stack"><caption>${escapeHtml(paper)}: ${models.length} tables and figures</caption>
<thead><tr><th scope="col">table or figure</th><th scope="col">kind</th><th scope="col">state</th><th scope="col">verdicts</th><th scope="col">best of ours</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div></section>`;
}

/** A narrow screen leaves out what is empty. */
function cell(label: string, content: string): string {
  return content ? `<td data-label="${label}">${content}</td>` : `<td class="none">–</td>`;
}

/** The best Score of a row on recordings, with the printed one. */
function best({ cells }: ReportModel): string {
  const having = cells.filter(
    ({ ours, beside, variant }) => beside && typeof ours?.mean === "number" && !variant?.includes("made-up"),
  );
  const top = [...having].sort((a, b) => b.ours!.mean! - a.ours!.mean!)[0];
  if (!top) return "";
  const range = shownInterval(top.ours, top);
  return `${shownOurs(top.ours!.mean, top)}${range && ` (${range})`}<span class="range">${escapeHtml(`${top.row}, ${top.column}, ${top.variant}; printed ${shownPrinted(top.printed, top)}`)}</span>`;
}
