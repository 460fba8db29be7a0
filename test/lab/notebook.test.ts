import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
// @ts-expect-error a script without types
import { checkNotebooks } from "../../scripts/checkNotebooks.mjs";
import { findNotebook, type Notebook, notebookText, readNotebook, stripNotebook } from "../../src/lab/notebook.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const used: Notebook = {
  cells: [
    { cell_type: "markdown", id: "m", source: ["# Title\n", "text"], metadata: { editable: true } },
    {
      cell_type: "code",
      id: "c",
      source: "1",
      metadata: { tags: ["parameters"], execution: { "iopub.status.idle": "2026" } },
      execution_count: 3,
      outputs: [{ output_type: "stream", name: "stdout", text: "1" }],
    },
  ],
  metadata: { kernelspec: { name: "auscult" }, language_info: { name: "typescript" }, widgets: {} },
  nbformat: 4,
  nbformat_minor: 5,
};

test("stripping removes what a run left, and nothing else", () => {
  const clean = stripNotebook(used);
  expect(clean.cells[0]).toEqual({ ...used.cells[0], metadata: {} });
  expect(clean.cells[1]).toEqual({
    cell_type: "code",
    id: "c",
    source: "1",
    metadata: { tags: ["parameters"] },
    execution_count: null,
    outputs: [],
  });
  expect(clean.metadata).toEqual({ kernelspec: { name: "auscult" }, language_info: { name: "typescript" } });
  expect(stripNotebook(clean)).toEqual(clean);
});

test("the check refuses outputs with the command that strips them, and takes the stripped notebook", () => {
  writeFileSync(path.join(folder, "used.ipynb"), notebookText(used));
  expect(checkNotebooks(folder)).toEqual([expect.stringMatching(/used\.ipynb: 1 cells carry.*notebook strip$/)]);
  writeFileSync(path.join(folder, "used.ipynb"), notebookText(stripNotebook(used)));
  expect(checkNotebooks(folder)).toEqual([]);
});

test("what is no notebook is refused by name", () => {
  const file = path.join(folder, "broken.ipynb");
  writeFileSync(file, "{");
  expect(() => readNotebook(file)).toThrow(/broken\.ipynb cannot be read as a notebook/);
  expect(checkNotebooks(folder)).toEqual([expect.stringContaining("broken.ipynb is not a notebook")]);
  writeFileSync(file, '{"nbformat": 3, "worksheets": []}');
  expect(() => readNotebook(file)).toThrow(/not a notebook of format 4 \(field nbformat is 3\)/);
  expect(() => findNotebook("no-such")).toThrow(/no notebook "no-such". There are: .*first-look/);
});
