import { themeOf } from "../../figures/theme.js";
import { escapeHtml, shownDuration } from "../../suite/html.js";
import { notebookStyle } from "./notebookStyle.js";
import type { NotebookSummary, RunNote } from "./notebookSummary.js";

/** Where a page finds plotly: the text of the bundle, to stand in the page, or its address beside the page. */
export type PlotlySource = { text: string } | { address: string };

/** What a page is made of. */
export interface NotebookPage {
  summary: NotebookSummary;
  /** The cells as HTML, see `notebookBodies`. */
  body: string;
  plotly: PlotlySource;
  /** The gallery's address, where the page belongs to one; the notebook file lies beside the page then. */
  gallery?: string;
}

/** An executed notebook as an HTML page that needs no network and can be read without scripts, light and dark, on a phone. */
export function renderNotebook({ summary, body, plotly, gallery }: NotebookPage): string {
  const { name, title } = summary;
  const links = gallery
    ? `<a href="${gallery}">All notebooks</a><a href="${encodeURIComponent(name)}.ipynb" download>${escapeHtml(name)}.ipynb</a>`
    : `<span class="quiet">${escapeHtml(name)}</span>`;
  const content = `<header>
<nav>${links}<button type="button" class="switch" aria-pressed="false" hidden>Hide code</button></nav>
${badgesHtml(summary)}${factsHtml(summary.run)}
</header>
<main>
${body}
</main>
${body.includes('class="plotly"') ? plotlyScripts(plotly) : ""}
<script>${codeSwitch}</script>`;
  return renderPage(title, content);
}

/** The page around some content. */
export function renderPage(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${notebookStyle}</style>
</head>
<body>
${content}
</body>
</html>
`;
}

/** What must be known before any number is read: made-up sounds, a run that did not reach the end. */
export function badgesHtml({ madeUp, run }: NotebookSummary): string {
  const badges = [
    madeUp ? "made-up sounds" : "",
    run && run.state !== "done" ? `${run.state}${run.cell === undefined ? "" : ` at code cell ${run.cell}`}` : "",
    run ? "" : "not executed by auscult",
  ].filter(Boolean);
  return badges.length === 0
    ? ""
    : `<p>${badges.map((text) => `<span class="badge">${escapeHtml(text)}</span>`).join(" ")}</p>`;
}

/** When, how long, with which parameters and code. */
export function factsHtml(run: RunNote | undefined): string {
  if (!run) return "";
  const parameters = Object.entries(run.parameters).map(
    ([name, value]) => `<code>${escapeHtml(`${name} = ${value}`)}</code>`,
  );
  const facts = [`${run.startedAt.slice(0, 10)}`, shownDuration(run.seconds), `code ${escapeHtml(run.codeRevision)}`];
  return `<p class="facts">${[...facts, ...parameters].join(" · ")}</p>`;
}

function plotlyScripts(plotly: PlotlySource): string {
  const source =
    "address" in plotly
      ? `<script defer src="${plotly.address}"></script>`
      : `<script>${plotly.text.replace(/<\/script/gi, "<\\/script").replace(/<!--/g, "<\\!--")}</script>`;
  return `${source}\n<script>${liveFigures}</script>`;
}

/**
 * Draws each figure when it comes into view; until then, and without scripts, the picture stands there. Figures that fit
 * light and dark pages have a grey between the two for their text: it becomes the text's colour of this page.
 */
const liveFigures = `addEventListener("DOMContentLoaded", () => {
  if (!window.Plotly) return;
  const draw = async (figure) => {
    const ink = getComputedStyle(document.body).color;
    const text = figure.querySelector("script").textContent.replaceAll(${JSON.stringify(themeOf("clear").ink)}, ink);
    const { data, layout, config } = JSON.parse(text);
    const live = figure.querySelector(".live");
    live.hidden = false;
    try {
      await Plotly.react(live, data, layout, { ...config, responsive: true, displaylogo: false });
      figure.classList.add("drawn");
    } catch (error) {
      live.hidden = true;
      console.error(error);
    }
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) { seen.unobserve(target); draw(target); }
  }, { rootMargin: "300px" });
  for (const figure of document.querySelectorAll("figure.plotly")) seen.observe(figure);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const figure of document.querySelectorAll("figure.drawn")) draw(figure);
  });
});`;

const codeSwitch = `{
  const button = document.querySelector("header .switch");
  button.hidden = document.querySelector(".code") === null;
  button.addEventListener("click", () => {
    const hidden = document.body.classList.toggle("without-code");
    button.setAttribute("aria-pressed", String(hidden));
    button.textContent = hidden ? "Show code" : "Hide code";
  });
}`;
