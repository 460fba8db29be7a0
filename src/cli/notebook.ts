import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { buildNotebooks } from "../lab/notebooks/buildNotebooks.js";
import { findNotebook, notebookNames, notebookText, readNotebook, stripNotebook } from "../lab/notebooks/notebook.js";
import { notebookHtml } from "../lab/notebooks/notebookHtml.js";
import { type NotebookRun, runNotebook } from "../lab/notebooks/runNotebook.js";
import { trackNotebook } from "../lab/notebooks/trackNotebook.js";
import { writeFileAtomic } from "../node/atomicFile.js";
import { mlrunsFolder } from "../node/paths.js";
import { ProgressLine } from "./progressLine.js";
import { withStopSignal } from "./stopSignal.js";

/** `auscult notebook run|strip|build`. */
export function notebookCommand(): Command {
  return new Command("notebook")
    .description("execute notebooks with parameters, make pages of them, or remove their outputs")
    .addCommand(runCommand())
    .addCommand(stripCommand())
    .addCommand(buildCommand());
}

interface RunOptions {
  out: string;
  parameter: string[];
  html?: string;
  track?: boolean;
  json?: boolean;
}

function runCommand(): Command {
  return new Command("run")
    .description("execute a notebook from a fresh kernel")
    .argument("<name>", "a notebook of the project, or the path of an .ipynb file")
    .requiredOption("--out <file>", "where the executed notebook is written")
    .option(
      "-p, --parameter <key=value>",
      "set a parameter (may repeat)",
      (one: string, all: string[]) => [...all, one],
      [],
    )
    .option("--html <file>", "write it as an HTML page too, which needs neither Jupyter nor a network")
    .option("--track", 'record notebook and page as a run of the experiment "notebooks"')
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  npx auscult notebook run 0-tour --out tour.ipynb --html tour.html
  npx auscult notebook run 0-tour -p task=12 -p seed=3 --out tour.ipynb --track

A wrong parameter is answered with those that the notebook has. Ctrl-C interrupts the cell and writes what there is (exit code 130).`,
    )
    .action(async (name: string, options: RunOptions) => {
      const line = new ProgressLine();
      const run = await withStopSignal((signal) =>
        runNotebook(name, options.out, {
          parameters: options.parameter,
          onProgress: (report) => line.show(report),
          signal,
        }),
      );
      line.end();
      const seconds = Number(run.seconds.toFixed(1));
      const html = options.html && path.resolve(options.html);
      if (html) writeFileAtomic(html, await notebookHtml(run.out));
      const tracked = options.track ? await trackNotebook(run, (message) => line.say(message)) : undefined;
      const files = [run.out, ...(html ? [html] : [])];
      if (options.json)
        process.stdout.write(`${JSON.stringify({ ...run, seconds, files, ...(tracked && { tracked }) })}\n`);
      else if (run.state === "done") process.stdout.write(`${run.out}: ${run.codeCells} cells in ${seconds} s\n`);
      if (run.state !== "done") process.stderr.write(`${howItEnded(run)}\n`);
      process.exitCode = { done: 0, failed: 1, stopped: 130 }[run.state];
    });
}

const SOURCE_LINES = 12;

/** Why a notebook did not run through: the failed cell's number, text and error, and where the rest is. */
function howItEnded({ notebook, out, state, failed, error }: NotebookRun): string {
  const name = path.basename(notebook);
  if (state === "stopped") return `${name} was stopped. What had run by then: ${out}`;
  if (!failed) return `${name} failed: ${error}\nWhat had run by then: ${out}`;
  const lines = failed.source.split("\n");
  const source = lines.slice(0, SOURCE_LINES).map((text, at) => `${String(at + 1).padStart(4)} | ${text}`);
  if (lines.length > SOURCE_LINES) source.push(`     | ... ${lines.length - SOURCE_LINES} more lines`);
  return `${name} failed in code cell ${failed.cell} ("${failed.id}"):\n${source.join("\n")}\n${error}\nWhat had run by then: ${out}`;
}

function stripCommand(): Command {
  return new Command("strip")
    .description("remove outputs and execution counts from the project's notebooks, or from those named")
    .argument("[names...]", "notebooks of the project, or paths of .ipynb files")
    .option("--check", "change nothing; exit code 1 where something would be removed")
    .option("--json", "print the changed files as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult notebook strip --check")
    .action((names: string[], options: { check?: boolean; json?: boolean }) => {
      const files = (names.length > 0 ? names : notebookNames()).map(findNotebook);
      const changed = files.filter((file) => {
        const text = notebookText(stripNotebook(readNotebook(file)));
        if (readFileSync(file, "utf8") === text) return false;
        if (!options.check) writeFileAtomic(file, text);
        return true;
      });
      if (options.json) process.stdout.write(`${JSON.stringify({ files: changed })}\n`);
      else if (changed.length === 0) process.stdout.write("Nothing is left to strip.\n");
      else process.stdout.write(`${options.check ? "To strip" : "Stripped"}: ${changed.join(", ")}\n`);
      if (options.check && changed.length > 0) process.exitCode = 1;
    });
}

function buildCommand(): Command {
  return new Command("build")
    .description(
      "make pages of all notebooks, or of those named, with an index: to be read without Jupyter or a network",
    )
    .argument("[names...]", "notebooks of the project, or paths of .ipynb files")
    .option("--out <dir>", "the folder of the pages (default: mlruns/notebooks, which is not committed)")
    .option("--from <dir>", "take the executed notebooks that are in this folder, and execute the others")
    .option("--json", "print the files as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  npx auscult notebook build\n  npx auscult notebook build 0-tour --out pages --from pages",
    )
    .action(async (names: string[], options: { out?: string; from?: string; json?: boolean }) => {
      const line = new ProgressLine();
      const out = options.out ?? path.join(mlrunsFolder(), "notebooks");
      const build = await withStopSignal((signal) =>
        buildNotebooks({
          ...{ names, out, from: options.from, signal },
          onProgress: (report) => line.show(report),
          say: (message) => line.say(message),
        }),
      );
      line.end();
      if (options.json) process.stdout.write(`${JSON.stringify(build)}\n`);
      else process.stdout.write(`${build.index}\n`);
      const states = build.runs.map(({ state }) => state);
      process.exitCode = states.includes("stopped") ? 130 : states.includes("failed") ? 1 : 0;
    });
}
