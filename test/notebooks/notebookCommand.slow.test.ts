import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MlflowClient, parseTrackingUri } from "mlflow-js-client";
import { chromium } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { type Notebook, notebookText, readNotebook } from "../../src/lab/notebooks/notebook.js";
import { projectRoot } from "../../src/node/paths.js";
import { stopServer } from "../../src/tracking/localServer.js";
import { readServerFile } from "../../src/tracking/serverFile.js";
import { readIfThere } from "./peakMemory.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-notebook-command-"));
const mlruns = path.join(folder, "mlruns");
const { MLFLOW_TRACKING_URI: _, ...plain } = process.env;
const env = { ...plain, AUSCULT_MLRUNS: mlruns, AUSCULT_CACHE: path.join(folder, "cache") };
const launcher = path.join(projectRoot(), "scripts", "auscult.mjs");
afterAll(async () => {
  await stopServer({ mlrunsFolder: mlruns });
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `auscult notebook ...`; `whileRunning` may send it signals. */
function auscult(args: string[], whileRunning?: (child: ChildProcess) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [launcher, "notebook", ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
    whileRunning?.(child);
  });
}

/** The process ids of kernels that were started by the commands of this file. */
function kernels(): string[] {
  return readdirSync("/proc").filter(
    (pid) =>
      readIfThere(`/proc/${pid}/cmdline`).includes("kernel.mjs") &&
      readIfThere(`/proc/${pid}/environ`).includes(`=${mlruns}\0`),
  );
}

/** A notebook of code cells; the first declares its parameters. */
function write(name: string, cells: string[]): string {
  const notebook: Notebook = {
    cells: [
      { cell_type: "markdown", id: "title", metadata: {}, source: `# ${name}\n\nDoes it?` },
      ...cells.map((source, at) => ({
        cell_type: "code" as const,
        id: `cell-${at}`,
        metadata: at === 0 ? { tags: ["parameters"] } : {},
        execution_count: null,
        outputs: [],
        source,
      })),
    ],
    metadata: { kernelspec: { name: "auscult", display_name: "TypeScript (auscult)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  const file = path.join(folder, `${name}.ipynb`);
  writeFileSync(file, notebookText(notebook));
  return file;
}

const figure = `import { curves } from "./src/figures/curves"; import { show } from "./src/lab/display";
show(curves({ series: [{ name: "a", epochs: [1, 2], values: [n, 2] }], yLabel: "loss (nats)" }, { title: "Figure", note: "made-up sounds" }));`;

test("a run is written, made into a page that a browser draws without a network, and tracked", async () => {
  const file = write("good", ["let n: 1 | 2 = 1;", figure]);
  const [out, html] = ["good.out.ipynb", "good.html"].map((name) => path.join(folder, name)) as [string, string];
  const ended = await auscult(["run", file, "-p", "n=2", "--out", out, "--html", html, "--track", "--json"]);
  expect(ended).toMatchObject({ code: 0 });
  const result = JSON.parse(ended.stdout);
  expect(result).toMatchObject({ state: "done", codeCells: 3, parameters: { n: "2" }, files: [out, html] });
  expect(readNotebook(out).metadata.auscult).toMatchObject({ state: "done", parameters: { n: "2" } });

  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await (await browser.newContext({ offline: true })).newPage();
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("request", (request) => request.url().startsWith("http") && problems.push(request.url()));
    await page.goto(`file://${html}`);
    await page.waitForSelector("figure.drawn");
    expect(await page.textContent(".badge")).toBe("made-up sounds");
    expect(await page.locator(".gtitle").textContent()).toContain("Figure");
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
  }

  const { uri } = readServerFile(mlruns)!;
  const client = new MlflowClient(parseTrackingUri(uri));
  const experiment = await client.findExperiment("notebooks");
  const runs = await client.searchRuns({ experimentIds: [experiment!.experiment_id] });
  expect(runs).toHaveLength(1);
  const { info, data } = runs[0]!;
  expect(info).toMatchObject({ run_name: "good", status: "FINISHED" });
  expect(data.params).toEqual([{ key: "n", value: "2" }]);
  expect(data.tags).toContainEqual({ key: "madeUpSounds", value: "true" });
  const files = await client.artifacts.list(info.artifact_uri);
  expect(files.map((artefact) => artefact.path).sort()).toEqual(["good.html", "good.ipynb"]);
}, 240_000);

test("a failed cell is told with its number and text; what ran is written, and is a page", async () => {
  const file = write("failing", [
    "let n = 1;",
    "console.log('before');",
    'const x = n;\nthrow new Error("give 4");',
    "1",
  ]);
  const out = path.join(folder, "failing.out.ipynb");
  const html = path.join(folder, "failing.html");
  const { code, stderr } = await auscult(["run", file, "--out", out, "--html", html]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `failing.ipynb failed in code cell 3 ("cell-2"):\n   1 | const x = n;\n   2 | throw new Error("give 4");\nError: give 4`,
  );
  const [, , before, failed, after] = readNotebook(out).cells;
  expect([before, failed, after].map((cell) => cell!.outputs!.length)).toEqual([1, 1, 0]);
  expect(readFileSync(html, "utf8")).toContain("failed at code cell 3");
}, 120_000);

test("wrong names and values are refused before anything starts", async () => {
  const file = write("typed", ['let task: "11" | "12" = "11";']);
  const out = path.join(folder, "typed.out.ipynb");
  const name = await auscult(["run", file, "--out", out, "-p", "tsk=12"]);
  expect(name).toMatchObject({ code: 2, stderr: expect.stringContaining('(did you mean "task"?)') });
  const value = await auscult(["run", file, "--out", out, "-p", "task=13"]);
  expect(value).toMatchObject({ code: 2, stderr: expect.stringContaining('must be "11" or "12"') });
  expect(existsSync(out)).toBe(false);
}, 120_000);

const ticks = "for (let i = 0; i < 600; i++) { console.log(i); await new Promise((done) => setTimeout(done, 100)); }";

test("Ctrl-C interrupts the cell, writes what there is and ends with 130", async () => {
  const out = path.join(folder, "long.out.ipynb");
  const { code, stderr } = await auscult(["run", write("long", ["let n = 1;", ticks, "1"]), "--out", out], (child) => {
    const poll = setInterval(() => {
      if (!/cell 2 of 3/.test(progress)) return;
      clearInterval(poll);
      child.kill("SIGINT");
    }, 100);
    let progress = "";
    child.stderr!.on("data", (text) => {
      progress += text;
    });
    child.once("exit", () => clearInterval(poll));
  });
  expect({ code, stderr }).toMatchObject({
    code: 130,
    stderr: expect.stringContaining("was stopped. What had run by then"),
  });
  const { cells, metadata } = readNotebook(out);
  expect(metadata.auscult).toMatchObject({ state: "stopped", cell: 2 });
  // A loop that only waits prints on until the kernel has gone.
  const interrupted = expect.objectContaining({ output_type: "error", ename: "Interrupted" });
  expect(cells[2]!.outputs).toContainEqual(interrupted);
  expect(cells[3]!.outputs).toEqual([]);
}, 180_000);

test("a killed command leaves no kernel, and what had run is written", async () => {
  const out = path.join(folder, "killed.out.ipynb");
  const args = [launcher, "notebook", "run", write("killed", ["let n = 1;", ticks]), "--out", out];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  await new Promise<void>((resolve) => {
    let progress = "";
    child.stderr.on("data", (text) => {
      progress += text;
      if (/cell 2 of 2/.test(progress)) resolve();
    });
  });
  child.kill("SIGKILL");
  await expect.poll(() => existsSync(out), { timeout: 60_000 }).toBe(true);
  expect(readNotebook(out).metadata.auscult).toMatchObject({ state: "stopped" });
  await expect.poll(kernels, { timeout: 20_000 }).toEqual([]);
}, 180_000);

test("build makes pages and an index beside one copy of plotly, of executed notebooks too", async () => {
  const file = write("good", ["let n = 1;", figure]);
  const out = path.join(folder, "pages");
  const first = await auscult(["build", file, "--out", out, "--json"]);
  expect(first).toMatchObject({ code: 0 });
  expect(
    JSON.parse(first.stdout)
      .files.map((name: string) => path.basename(name))
      .sort(),
  ).toEqual(["good.html", "good.ipynb", "good.svg", "index.html", "plotly-cartesian.min.js"]);
  expect(statSync(path.join(out, "good.html")).size).toBeLessThan(100_000);
  expect(readFileSync(path.join(out, "index.html"), "utf8")).toContain('<a href="good.html">good</a>');
  const again = await auscult(["build", file, "--out", out, "--from", out, "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ runs: [] });
}, 180_000);

test("strip --check tells and changes nothing; strip removes", async () => {
  const file = path.join(folder, "failing.out.ipynb");
  const before = readFileSync(file, "utf8");
  expect(await auscult(["strip", file, "--check"])).toMatchObject({ code: 1, stdout: `To strip: ${file}\n` });
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(await auscult(["strip", file])).toMatchObject({ code: 0 });
  expect(await auscult(["strip", file, "--check"])).toMatchObject({ code: 0, stdout: "Nothing is left to strip.\n" });
}, 60_000);
