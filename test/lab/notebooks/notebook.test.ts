import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
// @ts-expect-error a script without types
import { checkNotebooks } from "../../../scripts/checkNotebooks.mjs";
import {
  findNotebook,
  type Notebook,
  notebookText,
  readNotebook,
  stripNotebook,
} from "../../../src/lab/notebooks/notebook.js";

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

test("the check refuses what a run left, with the command that strips it, and takes the stripped notebook", () => {
  writeFileSync(path.join(folder, "used.ipynb"), notebookText(used));
  expect(checkNotebooks(folder)).toEqual([
    expect.stringMatching(
      /used\.ipynb: outputs in 1 cell, execution counts in 1 cell, marks of a front end in 2 cells, widgets in its metadata\. Remove them: npx auscult notebook strip$/,
    ),
  ]);
  writeFileSync(path.join(folder, "used.ipynb"), notebookText(stripNotebook(used)));
  expect(checkNotebooks(folder)).toEqual([]);
  rmSync(path.join(folder, "used.ipynb"));
});

test.each([
  ['readFileSync("/home/me/a.wav")', "/home/me/a.wav"],
  ["const dir = `/tmp/x/$name`;", "/tmp/x/$name"],
  ['load("C:\\\\data\\\\icbhi")', "C:\\\\data\\\\icbhi"],
  ["see ~/recordings for more", undefined],
  ['import { x } from "./src/data/work";', undefined],
  ["https://example.org/data/files", undefined],
  ["const ratio = a /data/ b; const half = 1/2", undefined],
  ["`$root/data/icbhi`, {}/data/icbhi and notebooks/data/x", undefined],
])("a path of one machine is refused in %s", (source, named) => {
  const file = path.join(folder, "path.ipynb");
  writeFileSync(
    file,
    notebookText({ ...stripNotebook(used), cells: [{ cell_type: "code", id: "c", source, metadata: {} }] }),
  );
  const problems = checkNotebooks(folder);
  rmSync(file);
  expect(problems).toEqual(named === undefined ? [] : [expect.stringContaining(`cell "c" names ${named}, a place`)]);
});

test("what is no notebook is refused by name", () => {
  const file = path.join(folder, "broken.ipynb");
  writeFileSync(file, "{");
  expect(() => readNotebook(file)).toThrow(/broken\.ipynb cannot be read as a notebook/);
  expect(checkNotebooks(folder)).toEqual([expect.stringContaining("broken.ipynb is not a notebook")]);
  writeFileSync(file, '{"nbformat": 3, "worksheets": []}');
  expect(() => readNotebook(file)).toThrow(/not a notebook of format 4 \(field nbformat is 3\)/);
  expect(() => findNotebook("no-such")).toThrow(/no notebook "no-such". There are: 0-tour/);
});
