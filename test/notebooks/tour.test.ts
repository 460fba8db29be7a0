import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
// @ts-expect-error a script without types
import { checkNotebooks } from "../../scripts/checkNotebooks.mjs";
import { writeDemo } from "../../src/datasets/demo/writeDemo.js";
import {
  cellText,
  notebookFolder,
  notebookNames,
  type Output,
  readNotebook,
} from "../../src/lab/notebooks/notebook.js";
import { runNotebook } from "../../src/lab/notebooks/runNotebook.js";
import { stopServer } from "../../src/tracking/localServer.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-tour-"));
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
  const run = await runNotebook("0-tour", out, { parameters, environment });
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
  expect(notebookNames()).toContain("0-tour");
  for (const name of notebookNames()) {
    const notebook = readNotebook(path.join(notebookFolder(), `${name}.ipynb`));
    expect(notebook.metadata.kernelspec).toMatchObject({ name: "auscult", language: "typescript" });
    for (const cell of notebook.cells) expect(cellText(cell).split("\n").length).toBeLessThan(40);
  }
});

test("the tour runs on made-up sounds, says so, and shows sounds, figures with pictures, tables", {
  timeout: LIMIT_MS,
}, async () => {
  const dataDir = path.join(folder, "data");
  writeDemo(dataDir);
  const outputs = await execute(dataDir, ["seed=3"]);
  const [table, figure, sound] = ["text/html+text/plain", "plotly+svg", "svg+text/html+text/plain"];
  expect(kinds(outputs.table!)).toEqual([table]);
  expect(textOf(outputs.data!)).toBe("180 files: made-up sounds in SPRSound's layout, no recordings.\n");
  expect(kinds(outputs.data!)).toEqual([table]);
  expect(kinds(outputs.listen!)).toEqual([sound, sound, sound]);
  expect(kinds(outputs.input!)).toEqual([figure]);
  expect(textOf(outputs.split!)).toContain("None of the 12 patients of select is in train.");
  expect(JSON.stringify(outputs.train!)).toMatch(/_11_honest_smoke_seed3_.*reduced budget: 2 epochs/);
  expect(kinds(outputs.confusion!)).toEqual([figure, table]);
  expect(kinds(outputs.beside!)).toEqual([figure, table]);
  const beside = outputs.beside!.map(({ data }) => [data?.["text/plain"]].flat().join("")).join("");
  expect(beside).toMatch(/honest, smoke, made-up sounds.*not comparable/);
  const pictures = [outputs.listen!, outputs.input!, outputs.confusion!, outputs.beside!]
    .flat()
    .flatMap(({ data }) => data?.["image/svg+xml"] ?? []);
  expect(pictures.length).toBe(6);
  for (const picture of pictures) expect([picture].flat().join("")).toContain("made-up sounds");
});

describe.skipIf(!process.env.AUSCULT_DATA)("recordings: the tour on SPRSound", () => {
  test("runs on the recordings and calls nothing made-up", { timeout: LIMIT_MS }, async () => {
    const outputs = await execute(process.env.AUSCULT_DATA!, ["task=21"]);
    expect(textOf(outputs.data!)).toMatch(/^\d+ files: SPRSound\.\n$/);
    expect(JSON.stringify(outputs.train!)).toMatch(/_21_honest_smoke_seed1_/);
    const { beside: _, ...ofThisRun } = outputs;
    expect(JSON.stringify(ofThisRun)).not.toContain("made-up");
  });
});
