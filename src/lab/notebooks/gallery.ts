import { escapeHtml } from "../../suite/html.js";
import { badgesHtml, factsHtml, renderPage } from "./notebookPage.js";
import type { NotebookSummary } from "./notebookSummary.js";

/** A notebook of the gallery and the files that belong to it, relative to the index. */
export interface GalleryEntry {
  summary: NotebookSummary;
  page: string;
  picture?: string;
}

/** The index of the notebooks' pages: a card for each, with its question, first picture, time and parameters. */
export function renderGallery(entries: readonly GalleryEntry[]): string {
  const cards = entries.map(({ summary, page, picture }) => {
    const image = picture ? `<img src="${escapeHtml(picture)}" alt="" loading="lazy">` : "<span>no picture</span>";
    return `<li class="card"><div class="picture">${image}</div>
<div class="text"><h2><a href="${escapeHtml(page)}">${escapeHtml(summary.title)}</a></h2>
${summary.question ? `<p>${escapeHtml(summary.question)}</p>` : ""}${badgesHtml(summary)}${factsHtml(summary.run)}</div></li>`;
  });
  return renderPage(
    "auscult: notebooks",
    `<header>
<p class="quiet">auscult</p>
<h1>Notebooks</h1>
<p>Respiratory sounds, looked at and classified. Each page is a notebook as it ran; the file beside it opens in JupyterLab
(<code>npx auscult lab</code>).</p>
</header>
<main><ul class="cards">
${cards.join("\n")}
</ul></main>`,
  );
}
