import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
// @ts-expect-error a script without types
import { checkNotebooks } from "../../scripts/checkNotebooks.mjs";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import { cellText, notebookFolder, notebookNames, type Output, readNotebook } from "../../src/lab/notebook.js";
import { runNotebook } from "../../src/lab/runNotebook.js";
import { stopServer } from "../../src/tracking/localServer.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-first-look-"));
afterAll(async () => {
  await stopServer({ mlrunsFolder: path.join(folder, "mlruns") });
  rmSync(folder, { recursive: true, force: true });
});

const LIMIT_MS = 240_000; // of a loaded machine; alone it is done in about 20 s

/** Executes the notebook on a data folder, tracked into a folder of the test's own; gives the outputs by cell id. */
async function execute(dataDir: string, parameters: string[]): Promise<Record<string, Output[]>> {
  const out = path.join(folder, "out.ipynb");
  const mlruns = path.join(folder, "mlruns");
  const environment = { ...process.env, AUSCULT_DATA: dataDir, AUSCULT_MLRUNS: mlruns, AUSCULT_CACHE: folder };
  const run = await runNotebook("first-look", out, { parameters, environment });
  expect(run.error).toBeUndefined();
  const { cells } = readNotebook(out);
  return Object.fromEntries(cells.filter(({ outputs }) => outputs).map(({ id, outputs }) => [id!, outputs!]));
}

/** The MIME types of each output of a cell, plotly's and pictures' by a short name; streams are left out. */
function kinds(outputs: Output[]): string[] {
  const short: Record<string, string> = { "application/vnd.plotly.v1+json": "plotly", "image/svg+xml": "svg" };
  return outputs
    .filter(({ output_type }) => output_type !== "stream")
    .map(({ data }) =>
      Object.keys(data ?? { error: 1 })
        .map((type) => short[type] ?? type)
        .join("+"),
    );
}

const textOf = (outputs: Output[]) => outputs.flatMap(({ text }) => text ?? []).join("");

test("the project's notebooks are clean, run on the project's kernel, and keep their cells short", () => {
  expect(checkNotebooks(notebookFolder())).toEqual([]);
  expect(notebookNames()).toContain("first-look");
  for (const name of notebookNames()) {
    const notebook = readNotebook(path.join(notebookFolder(), `${name}.ipynb`));
    expect(notebook.metadata.kernelspec).toMatchObject({ name: "auscult", language: "typescript" });
    for (const cell of notebook.cells) expect(cellText(cell).split("\n").length).toBeLessThan(40);
  }
});

test("first-look runs on made-up sounds, says so, and shows sounds, figures with pictures, tables", {
  timeout: LIMIT_MS,
}, async () => {
  const dataDir = path.join(folder, "data");
  writeDemo(dataDir);
  const outputs = await execute(dataDir, ["seed=3"]);
  const sound = "text/html+text/plain";
  expect(textOf(outputs.data!)).toBe("180 files: made-up sounds in SPRSound's layout, no recordings.\n");
  expect(kinds(outputs.counts!)).toEqual(["text/html+text/plain"]);
  expect(kinds(outputs.listen!)).toEqual([1, 2, 3].flatMap(() => [sound, "plotly+svg", "plotly+svg"]));
  expect(kinds(outputs.input!)).toEqual(["plotly+svg"]);
  expect(textOf(outputs.split!)).toContain("None of the 12 patients of select is in train.");
  expect(textOf(outputs.train!)).toMatch(/_11_honest_smoke_seed3_.*: 2 epochs in .* s\nreduced budget: 2 epochs/);
  expect(kinds(outputs.curves!)).toEqual(["plotly+svg", "plotly+svg"]);
  expect(kinds(outputs.confusion!)).toEqual(["plotly+svg", "text/html+text/plain"]);
  const pictures = [outputs.listen!, outputs.input!, outputs.curves!, outputs.confusion!]
    .flat()
    .flatMap(({ data }) => data?.["image/svg+xml"] ?? []);
  expect(pictures.length).toBeGreaterThanOrEqual(10);
  for (const picture of pictures) expect([picture].flat().join("")).toContain("made-up sounds");
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: first-look on SPRSound", () => {
  test("runs on the recordings and calls nothing made-up", { timeout: LIMIT_MS }, async () => {
    const outputs = await execute(process.env.AUSCULT_DATA!, ["task=21"]);
    expect(textOf(outputs.data!)).toMatch(/^\d+ files: SPRSound\.\n$/);
    expect(textOf(outputs.train!)).toMatch(/_21_honest_smoke_seed1_/);
    expect(JSON.stringify(outputs)).not.toContain("made-up");
  });
});
