import { expect, test } from "vitest";
import { renderGallery } from "../../../src/lab/notebooks/gallery.js";
import type { Notebook, Output } from "../../../src/lab/notebooks/notebook.js";
import { renderNotebook } from "../../../src/lab/notebooks/notebookPage.js";
import { type RunNote, summaryOf } from "../../../src/lab/notebooks/notebookSummary.js";

const code = (id: string, outputs: Output[], tags: string[] = []) =>
  ({ cell_type: "code", id, source: "x", metadata: { tags }, outputs }) as const;
const shown = (data: Record<string, unknown>): Output => ({ output_type: "display_data", data });
const run: RunNote = {
  parameters: { task: '"<12>"' },
  codeRevision: "abc",
  startedAt: "2026-01-02T03:04:05Z",
  state: "failed",
  seconds: 67,
  cell: 3,
};
const words = "# The *title* & more\n\nIs `this` the [question](x.md),\nover two lines?\n\nThe rest.";
const notebook = (cells: Notebook["cells"], metadata = {}): Notebook => ({
  cells,
  metadata,
  nbformat: 4,
  nbformat_minor: 5,
});

test("a summary has title, question, picture, run, and whether sounds were made up", () => {
  const cells = [
    { cell_type: "markdown", source: words.split(/(?<=\n)/), metadata: {} } as const,
    code("a", [shown({ "image/svg+xml": ["<svg", "/>"], "text/plain": "x" })]),
    code("b", [{ output_type: "stream", text: ["180 files: Made-up sounds\n"] }]),
  ];
  expect(summaryOf("some/0-tour.ipynb", notebook(cells, { auscult: run }))).toEqual({
    name: "0-tour",
    title: "The title & more",
    question: "Is this the question, over two lines?",
    picture: { type: "image/svg+xml", content: "<svg/>" },
    madeUp: true,
    run,
  });
  const chosen = [...cells, code("c", [shown({ "image/png": "AQID" })], ["picture"])];
  expect(summaryOf("x.ipynb", notebook(chosen)).picture).toEqual({ type: "image/png", content: "AQID" });
  expect(summaryOf("x.ipynb", notebook([]))).toEqual({ name: "x", title: "x", question: "", madeUp: false });
});

test("a page says what must be known first, and nothing in it becomes markup", () => {
  const summary = { name: "0-tour", title: "<b>", question: "", madeUp: true, run };
  const body = '<figure class="plotly"></figure>';
  const page = renderNotebook({ summary, body, plotly: { text: "/* </script> */" } });
  expect(page).toContain("<title>&#60;b&#62;</title>");
  expect(page).toContain('<span class="badge">made-up sounds</span> <span class="badge">failed at code cell 3</span>');
  expect(page).toContain("2026-01-02 · 1 min 07 s · code abc · <code>task = &#34;&#60;12&#62;&#34;</code>");
  expect(page.match(/<\/script>/g)).toHaveLength(3);
  expect(page).not.toMatch(/(src|href)="http/);
  const beside = renderNotebook({ summary, body, plotly: { address: "p.js" }, gallery: "index.html" });
  expect(beside).toContain('<script defer src="p.js">');
  expect(beside).toContain('<a href="index.html">');
  expect(renderNotebook({ summary, body: "", plotly: { text: "PLOTLY" } })).not.toContain("PLOTLY");
});

test("the gallery has a card for each notebook", () => {
  const summary = { name: "a", title: "A & B", question: "Why?", madeUp: false };
  const page = renderGallery([
    { summary, page: "a.html", picture: "a.svg" },
    { summary, page: "b.html" },
  ]);
  expect(page.match(/<li class="card">/g)).toHaveLength(2);
  expect(page).toContain('<a href="a.html">A &#38; B</a>');
  expect(page.match(/<img src="a.svg"/g)).toHaveLength(1);
  expect(page).toContain("not executed by auscult");
});
