import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import {
  findNotebook,
  notebookFolder,
  notebookNames,
  notebookText,
  readNotebook,
  stripNotebook,
} from "../lab/notebook.js";
import { type NotebookRun, runNotebook } from "../lab/runNotebook.js";
import { writeFileAtomic } from "../node/atomicFile.js";
import { ProgressLine } from "./progressLine.js";
import { withStopSignal } from "./stopSignal.js";

/** `auscult notebook run|strip`. */
export function notebookCommand(): Command {
  return new Command("notebook")
    .description("execute notebooks with parameters, or remove their outputs")
    .addCommand(runCommand())
    .addCommand(stripCommand());
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
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult notebook run first-look -p epochs=3 --out first-look.run.ipynb")
    .action(async (name: string, options: { out: string; parameter: string[]; json?: boolean }) => {
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
      if (options.json) process.stdout.write(`${JSON.stringify({ ...run, seconds, files: [run.out] })}\n`);
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
    .option("--json", "print the changed files as JSON")
    .addHelpText("after", "\nExample:\n  npx auscult notebook strip")
    .action((names: string[], options: { json?: boolean }) => {
      const files =
        names.length > 0
          ? names.map(findNotebook)
          : notebookNames().map((name) => path.join(notebookFolder(), `${name}.ipynb`));
      const changed = files.filter((file) => {
        const text = notebookText(stripNotebook(readNotebook(file)));
        if (readFileSync(file, "utf8") === text) return false;
        writeFileAtomic(file, text);
        return true;
      });
      if (options.json) process.stdout.write(`${JSON.stringify({ files: changed })}\n`);
      else process.stdout.write(changed.length === 0 ? "No outputs were left.\n" : `Stripped ${changed.join(", ")}\n`);
    });
}
