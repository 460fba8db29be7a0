import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { jupyterEnvironment, pythonProgram } from "../../src/lab/jupyter.js";
import { type Notebook, notebookText, type Output, readNotebook } from "../../src/lab/notebooks/notebook.js";
import { runNotebook } from "../../src/lab/notebooks/runNotebook.js";
import { projectRoot } from "../../src/node/paths.js";

const root = projectRoot();
const folder = mkdtempSync(path.join(tmpdir(), "auscult-kernel-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A notebook of code cells in a folder that is not the project's. */
function write(name: string, cells: string[], tags: string[] = []): string {
  const notebook: Notebook = {
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: { tags: source.startsWith("let ") ? ["parameters"] : tags },
      execution_count: null,
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: "auscult", display_name: "TypeScript (auscult)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const file = path.join(folder, name);
  writeFileSync(file, notebookText(notebook));
  return file;
}

const text = (output: Output) => (output.text === undefined ? {} : { text: [output.text].flat().join("") });
const outputsOf = (file: string) => readNotebook(file).cells.map((cell) => cell.outputs ?? []);

test("Jupyter finds the kernel in the project, and its description holds no path of one machine", () => {
  const listed = execFileSync(pythonProgram("python"), ["-m", "jupyter_client.kernelspecapp", "list", "--json"], {
    env: jupyterEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { auscult } = JSON.parse(listed).kernelspecs;
  expect(auscult.resource_dir).toBe(path.join(root, "scripts", "jupyter", "kernels", "auscult"));
  expect(auscult.spec).toMatchObject({ display_name: "TypeScript (auscult)", language: "typescript" });
  const [program, script, connection] = auscult.spec.argv;
  expect([program, connection]).toEqual(["node", "{connection_file}"]);
  expect(existsSync(script.replace("{resource_dir}", auscult.resource_dir))).toBe(true);
  expect(readFileSync(path.join(auscult.resource_dir, "kernel.json"), "utf8")).not.toContain(root);
});

test("cells run in the project's root, import sources and packages, and show several forms in one output", async () => {
  const file = write("cells.ipynb", [
    'let count = 1; let kind: "a" | "b" = "a";',
    "console.log([process.cwd(), process.env.AUSCULT_ROOT, count, kind].join())",
    'import { Streams } from "./src/random/streams"; import { UserError } from "./src/userError.js";',
    'const first = new Streams(1).stream("x").uniform(); console.log(first >= 0 && first < 1)',
    'import { tf } from "./src/tensorflow"; import * as danfo from "danfojs-node";',
    "const frame = new danfo.DataFrame({ a: [1, 2] }); console.log(frame.tensor instanceof tf.Tensor)",
    'import { show } from "./src/lab/display"; show({ "text/html": "<b>x</b>", "image/svg+xml": "<svg/>" })',
    "await new Promise((resolve) => setTimeout(resolve, 10)); function loose(x) { return x + 1; } loose(1)",
  ]);
  const out = path.join(folder, "cells.out.ipynb");
  const run = await runNotebook(file, out, { parameters: ["count=7"] });
  expect(run.error).toBeUndefined();
  const texts = outputsOf(out).map((outputs) => outputs.map((output) => ({ ...output.data, ...text(output) })));
  // One cell more than written: the injected parameters stand second.
  expect(texts).toEqual([
    [],
    [],
    [{ text: `${root},${root},7,a\n` }],
    [],
    [{ text: "true\n" }],
    [],
    [{ text: "true\n" }],
    [{ "text/html": ["<b>x</b>"], "image/svg+xml": ["<svg/>"] }],
    [{ text: "2\n" }],
  ]);
});

test("a mistake that can be mended ends the run with its sentence, as Jupyter's error output", async () => {
  const source = 'import { UserError } from "./src/userError"; throw new UserError("give 4")';
  const out = path.join(folder, "failed.out.ipynb");
  const run = await runNotebook(write("failed.ipynb", ["1", source, "2"]), out);
  expect(run.error).toBe("UserError: give 4");
  const [, failed, after] = outputsOf(out);
  expect(failed).toMatchObject([{ output_type: "error", ename: "UserError", traceback: ["give 4"] }]);
  expect(after).toEqual([]);
});

test("a parameter of a value that a named type of the notebook forbids is refused by the cell", async () => {
  const file = write("typed.ipynb", ['let kind: Kind = "a"; type Kind = "a" | "b";', "kind"]);
  const run = await runNotebook(file, path.join(folder, "typed.out.ipynb"), { parameters: ["kind=c"] });
  expect(run.error).toContain(`Type '"c"' is not assignable to type 'Kind'`);
});

test("mistakes are answered in the cell, with its line and what may help, and the kernel goes on", async () => {
  const cells = [
    'import { readFileSync } from "node:fs";\nconst wrong: number = "a";',
    'import { decodeWav } from "../src/audio/wav";',
    'import { decodeWav } from "./src/audio/wvv";',
    'import { showSound } from "./src/audio/wav";',
    'import { thing } from "no-such-package";',
    "new Streams(1)",
    'interface Unseen { a: 1 }\nfunction parse(text: string) {\n  return JSON.parse(text);\n}\nparse("{");',
    "await new Promise((resolve) => setTimeout(resolve, 1));\nconst none: string | undefined = undefined;\n(none as unknown as string).trim();",
    "process.exit(3)",
    'setTimeout(() => { throw new Error("stray") }, 1); await new Promise((resolve) => setTimeout(resolve, 100));',
    "void Promise.reject(new Error('left')); await new Promise((resolve) => setTimeout(resolve, 100));",
    "1 + 1",
  ];
  const out = path.join(folder, "mistakes.out.ipynb");
  const run = await runNotebook(write("mistakes.ipynb", cells, ["raises-exception"]), out);
  expect(run.error).toBeUndefined();
  // Without colours.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one
  const plain = (coloured: string) => coloured.replace(/\u001b\[\d+m/g, "");
  const said = outputsOf(out).map((outputs) =>
    outputs.map((output) => plain(text(output).text ?? [output.traceback as string[]].flat().join("\n"))),
  );
  const [type, up, misspelt, elsewhere, unknown, name, sync, awaited, exit, stray, left, after] = said.map((texts) =>
    texts.join(""),
  );
  expect(type).toBe(
    `Line 2: Type 'string' is not assignable to type 'number'.\n    const wrong: number = "a";\n          ^`,
  );
  for (const text of [up, misspelt]) expect(text).toMatch(/"\.\/src\/\.\.\." \(did you mean "\.\/src\/audio\/wav"/);
  expect(elsewhere).toContain('import { showSound } from "./src/lab/');
  expect(unknown).toContain('No package "no-such-package" is installed in this project.');
  expect(name).toContain('import { Streams } from "./src/random/streams";');
  expect(sync).toMatch(
    /^SyntaxError: .*\n {4}at JSON\.parse \(<anonymous>\)\n {4}at parse \(cell 7, line 3\)\n {4}at cell 7, line 5$/s,
  );
  expect(awaited).toMatch(/^TypeError: .*\n {4}at cell 8, line 3$/s);
  expect(exit).toContain("process.exit() would end the kernel");
  expect(stray).toMatch(/^An error outside of any cell: Error: stray\n {4}at .*\(cell 10, line 1\)\n$/);
  expect(left).toMatch(/^A promise failed that no cell awaits: Error: left\n {4}at cell 11, line 1\n$/);
  expect(after).toBe("2\n");
});
