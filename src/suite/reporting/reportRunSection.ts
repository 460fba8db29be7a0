import { caveatWords } from "../caveats.js";
import { escapeHtml, htmlList, shown, shownDuration, shownRange } from "../html.js";
import { searchSection } from "../searching/searchSection.js";
import { confusionFigures, curveFigures, reliabilityFigures } from "./reportFigures.js";
import type { ReportRun, SetScores } from "./reportModel.js";
import { calibrationTable, leakTable, runDetail } from "./runDetail.js";

/** One run of the report: scores per set, how it ended, curves, confusion, split, provenance. */
export function runSection(run: ReportRun, index: number, live: boolean): string {
  const facts: [string, string][] = [
    ["row", escapeHtml(run.row)],
    ["task", escapeHtml(run.task)],
    ["protocol, preset", escapeHtml(`${run.protocol}, ${run.preset}`)],
    ["profile, seed", escapeHtml(`${run.profile}, seed ${run.seed}`)],
    ["epochs", escapeHtml(epochsOf(run))],
    ["time", escapeHtml(shownDuration(run.seconds))],
    ["run", runLink(run)],
  ];
  const openings = run.testOpenings ?? [];
  return `<section aria-labelledby="run-${index}" class="run">
<h2 id="run-${index}">${escapeHtml(run.name)}</h2>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("")}</dl>
${run.search ? searchSection(run.search, run.madeUp, live) : scoresSection(run, live)}
${run.splitNotes.length > 0 ? `<h3>The split</h3>${htmlList(run.splitNotes)}` : ""}
${leakTable(run.leakedPatients ?? [])}
${openings.length > 0 ? `<h3>When test data was opened</h3>${htmlList(openings)}` : ""}
${otherMetrics(run)}
${provenance(run)}
</section>`;
}

function scoresSection(run: ReportRun, live: boolean): string {
  return `<h3>Scores on each test set</h3>
${run.caveats.map(({ says }) => `<p class="notice">${escapeHtml(says)}</p>`).join("")}
${scoresTable(run.scoresBySet, caveatWords(run.caveats))}
${endOfRun(run)}
<h3>Curves</h3>
<div class="figures">${curveFigures(run, live)}</div>
<h3>Confusion</h3>
<div class="figures">${confusionFigures(run, live)}</div>
${runDetail(run)}
${calibration(run, live)}`;
}

function epochsOf(run: ReportRun): string {
  if (run.search) return `${run.epochs} in ${run.search.trials.length} trials`;
  const chosen = run.chosenEpoch === null ? "none chosen" : `epoch ${run.chosenEpoch} chosen by ${run.chosenBy}`;
  return `${run.epochs}; ${chosen}`;
}

/** Only addresses that a browser may open become links. */
function runLink(run: ReportRun): string {
  const id = `<code>${escapeHtml(run.runId)}</code>`;
  return run.trackingUrl && /^https?:\/\//i.test(run.trackingUrl)
    ? `${id} (<a href="${escapeHtml(run.trackingUrl)}">open in MLflow</a>)`
    : id;
}

const OTHER_SCORES = [
  ["AS", "as"],
  ["HS", "hs"],
  ["two-class Se", "collapsedSe"],
  ["two-class Score", "collapsedScore"],
] as const;

/** @param but said in each row, beside its numbers */
function scoresTable(sets: Record<string, SetScores>, but: string): string {
  // Each challenge has scores of its own between SP and Score.
  const others = OTHER_SCORES.filter(([, key]) =>
    Object.values(sets).some((scores) => typeof scores[key] === "number"),
  );
  const rows = Object.entries(sets).map(([name, scores]) => {
    const size = [
      scores.items === undefined ? "" : `${scores.items} items`,
      scores.patients === undefined ? "" : `${scores.patients} patients`,
    ].filter(Boolean);
    const cell = (label: string, value: number | null | undefined, range = "") =>
      `<td class="number" data-label="${label}">${shown(value)}${range ? `<span class="range">${range}</span>` : ""}</td>`;
    return (
      `<tr><th scope="row">${escapeHtml(name)}${size.length ? `<span class="range">${size.join(", ")}</span>` : ""}` +
      `${but ? `<span class="caveat">${escapeHtml(but)}</span>` : ""}</th>` +
      cell("SE", scores.se, shownRange(scores.intervals?.se)) +
      cell("SP", scores.sp, shownRange(scores.intervals?.sp)) +
      others.map(([name, key]) => cell(name, scores[key])).join("") +
      cell("Score", scores.score, shownRange(scores)) +
      cell("AUC", scores.auc) +
      `${cell("loss", scores.loss)}</tr>`
    );
  });
  const heads = ["SE", "SP", ...others.map(([name]) => name), "Score", "AUC", "loss"].map(
    (h) => `<th scope="col" class="number">${h}</th>`,
  );
  return `<div class="scroll"><table class="stack">
<caption>All from 0 to 1 but loss (nats). Ranges are 95 % intervals over patients.${sets.inter ? " Inter: patients unseen in training; intra: known patients." : ""}</caption>
<thead><tr><th scope="col">set</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function endOfRun({ endOfRun: end }: ReportRun): string {
  if (!end) return "";
  const whose = end.role === "select" ? "select role (held-out training patients)" : "test sets";
  const plural = end.epochs === 1 ? "the last epoch" : `the last ${end.epochs} epochs`;
  const range = shownRange(end);
  return `<p>Score of the ${whose} at the end: last epoch ${shown(end.lastEpoch)}; median of ${plural} ${shown(end.median)}${
    end.epochs > 1 && range ? ` (${range})` : ""
  }. Single epochs are mostly noise.</p>`;
}

function calibration(run: ReportRun, live: boolean): string {
  if (!run.calibration) return "";
  return `<h3>Calibration</h3>
<p>The temperature ${shown(run.calibration.temperature, 2)}, by which logits are divided, makes the loss on the select role smallest; decisions stay the same.</p>
${calibrationTable(run.calibration)}
<details><summary>Reliability diagrams, with the items of each bin</summary><p>Intervals of a bin take its items one by one (Wilson), as if those of a patient were not alike.</p><div class="figures">${reliabilityFigures(run, live)}</div></details>`;
}

function otherMetrics(run: ReportRun): string {
  const rows = Object.entries(run.metrics);
  if (rows.length === 0) return "";
  const body = rows.map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${Number.isInteger(value) ? value : shown(value, 4)}</td></tr>`,
  );
  return `<details><summary>Size and steps</summary><div class="scroll"><table><caption>Size and steps</caption><thead><tr><th scope="col">metric</th>
<th scope="col" class="number">value</th></tr></thead><tbody>${body.join("")}</tbody></table></div></details>`;
}

function provenance(run: ReportRun): string {
  const items = Object.entries(run.provenance);
  if (items.length === 0) return "";
  const body = items.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(value)}</code></dd>`);
  return `<details><summary>Digests and revision</summary><dl>${body.join("")}</dl></details>`;
}
